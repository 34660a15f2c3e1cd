import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { githubWorkflow } from './github-workflow.ts'
import { writeGithubWorkflow } from './write-workflow.ts'

const own = githubWorkflow({ writtenBy: 'The same that plimsoll init --ci github writes, for this checkout and its example.', install: [], plimsoll: 'node scripts/plimsoll.mjs', directory: 'examples/storefront', node: 'node-version: 24' })

// What GitHub takes, as far as it is used here: strict, so that a key in the wrong place or misspelled is found.
const stepSchema = z.union([
  z.strictObject({ name: z.string().optional(), if: z.string().optional(), uses: z.string().regex(/^actions\/[a-z-]+@v\d+$/), with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional() }),
  z.strictObject({ name: z.string(), if: z.string().optional(), env: z.record(z.string(), z.string()).optional(), run: z.string() }),
])
const permissionsSchema = z.record(z.enum(['contents', 'pull-requests']), z.enum(['read', 'write']))
const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.strictObject({ pull_request: z.null(), merge_group: z.null(), workflow_dispatch: z.null() }),
  permissions: z.strictObject({}),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.string() }),
  jobs: z.record(z.string(), z.strictObject({ needs: z.string().optional(), if: z.string().optional(), 'runs-on': z.literal('ubuntu-latest'), 'timeout-minutes': z.number().int().max(60), permissions: z.partialRecord(permissionsSchema.keyType, permissionsSchema.valueType), steps: z.array(stepSchema).min(1) })),
})
const workflow = workflowSchema.parse(parse(own))
const { rehearse, comment, verified } = workflow.jobs

const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap((step) => ('run' in step ? [step.run] : [])))
const script = (job: typeof rehearse, name: string): string => job?.steps.flatMap((step) => ('run' in step && step.name === name ? [step.run] : []))[0] ?? ''

let directory: string
beforeEach(async () => { directory = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-ci-'))) })
afterEach(() => rm(directory, { recursive: true }))

/** Runs a script as GitHub does. */
function run(text: string, environment: Record<string, string>): { readonly status: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', text], { cwd: directory, env: { PATH: process.env['PATH'], ...environment }, encoding: 'utf8' })
  return { status, out: stdout + stderr }
}

test('this repository has the workflow that is written for others', async () => {
  expect(await readFile(fileURLToPath(new URL('../../../../.github/workflows/verify.yml', import.meta.url)), 'utf8')).toBe(own)
})

test('every script is one that a shell understands, and no text of a pull request stands in any', () => {
  expect(scripts).toHaveLength(4)
  execFileSync('bash', ['-n', '-c', scripts.join('\n')])
  for (const text of scripts) expect(text).not.toContain('${{')
})

test('what runs the code of a pull request may only read, and what may write runs none of it', () => {
  expect(rehearse?.permissions).toEqual({ contents: 'read' })
  expect(rehearse?.steps[0]).toMatchObject({ with: { 'persist-credentials': false } })
  expect(comment?.permissions).toEqual({ 'pull-requests': 'write' })
  expect(comment?.steps.flatMap((step) => ('uses' in step ? [step.uses.split('@')[0]] : []))).toEqual(['actions/download-artifact'])
  expect(comment?.if).toContain('head.repo.full_name == github.repository')
})

test('a job waits only for jobs that there are', () => {
  for (const { needs } of Object.values(workflow.jobs)) if (needs !== undefined) expect(Object.keys(workflow.jobs)).toContain(needs)
})

test('the check that is required always runs, and is green for success only', () => {
  expect([verified?.if, verified?.needs]).toEqual(['always()', 'rehearse'])
  const text = script(verified, 'Only what passed is green')
  for (const RESULT of ['failure', 'cancelled', 'skipped', '']) expect(run(text, { RESULT }), RESULT).toMatchObject({ status: 1, out: expect.stringContaining('::error::') })
  expect(run(text, { RESULT: 'success' })).toMatchObject({ status: 0 })
})

test('the summary holds the report, or says that there is none', async () => {
  const environment = { RUNNER_TEMP: directory, GITHUB_STEP_SUMMARY: join(directory, 'step') }
  const text = script(rehearse, 'Tell it in the summary')
  expect(run(text, environment).status).toBe(0)
  expect(await readFile(environment.GITHUB_STEP_SUMMARY, 'utf8')).toContain('There is no report')
  await mkdir(join(directory, 'verification'))
  await writeFile(join(directory, 'verification/summary.md'), '# All of it')
  run(text, environment)
  expect(await readFile(environment.GITHUB_STEP_SUMMARY, 'utf8')).toContain('# All of it')
})

/** Stands in for GitHub's own command: has one comment or none, and notes what it is asked. */
async function comments(id: string, summary: string): Promise<{ readonly status: number | null; readonly asked: string }> {
  await mkdir(join(directory, 'verification'), { recursive: true })
  await writeFile(join(directory, 'verification/summary.md'), summary)
  await writeFile(join(directory, 'gh'), `#!/bin/sh\necho "$@ marker=$MARKER" >> asked\ncase "$*" in *--paginate*) printf '%s' "${id}";; esac\n`)
  await chmod(join(directory, 'gh'), 0o755)
  await writeFile(join(directory, 'asked'), '')
  const { status } = run(script(comment, 'Comment, or update the comment that is there'), { PATH: `${directory}:${process.env['PATH'] ?? ''}`, GITHUB_REPOSITORY: 'shop/storefront', NUMBER: '7', GH_TOKEN: 'x' })
  return { status, asked: await readFile(join(directory, 'asked'), 'utf8') }
}

test('a pull request has one comment, which is updated in place', async () => {
  const summary = '<!-- plimsoll-verify:storefront -->\n\n## Passed $(touch pwned) `touch pwned`\n'
  expect((await comments('', summary)).asked).toContain('--method POST repos/shop/storefront/issues/7/comments -F body=@verification/summary.md')
  const { asked } = await comments('4711', summary)
  expect(asked).toContain('--method PATCH repos/shop/storefront/issues/comments/4711 -F body=@verification/summary.md')
  expect(asked).not.toContain('POST')
  expect(asked).toContain('marker=<!-- plimsoll-verify:storefront -->')
  await expect(readFile(join(directory, 'pwned'))).rejects.toThrow('ENOENT')
})

test('a report without its marker is not commented with', async () => {
  for (const summary of ['<!-- plimsoll-verify:a --> more\n', '']) expect(await comments('4711', summary)).toEqual({ status: 1, asked: '' })
})

test('it is written for what the repository has, and never over a file that is there', async () => {
  const root = join(directory, 'shop apps')
  await mkdir(join(root), { recursive: true })
  await expect(writeGithubWorkflow({ root, force: false })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  await mkdir(join(directory, '.git'))
  await writeFile(join(root, 'pnpm-lock.yaml'), '')
  await writeFile(join(root, '.nvmrc'), '24')
  await writeFile(join(root, 'package.json'), JSON.stringify({ packageManager: 'pnpm@12.21.0+sha512.abc' }))
  expect(await writeGithubWorkflow({ root, force: false })).toEqual({ path: '.github/workflows/verify.yml', written: true })
  const file = join(directory, '.github/workflows/verify.yml')
  const { jobs } = workflowSchema.parse(parse(await readFile(file, 'utf8')))
  expect(jobs['rehearse']?.steps[1]).toMatchObject({ with: { 'node-version-file': 'shop apps/.nvmrc' } })
  expect(script(jobs['rehearse'], 'Install')).toBe("npm install --global pnpm@12.21.0\ncd 'shop apps'\npnpm install --frozen-lockfile\n")
  expect(script(jobs['rehearse'], 'Verify')).toBe(`npx plimsoll verify 'shop apps' --report "$RUNNER_TEMP/verification"\n`)
  await writeFile(file, 'mine')
  expect(await writeGithubWorkflow({ root, force: false })).toMatchObject({ written: false })
  expect(await readFile(file, 'utf8')).toBe('mine')
  expect(await writeGithubWorkflow({ root, force: true })).toMatchObject({ written: true })
})

test('a version that is no version does not come into a script', async () => {
  await mkdir(join(directory, '.git'))
  await writeFile(join(directory, 'pnpm-lock.yaml'), '')
  await writeFile(join(directory, 'package.json'), JSON.stringify({ packageManager: 'pnpm@1; curl evil' }))
  await writeGithubWorkflow({ root: directory, force: false })
  expect(await readFile(join(directory, '.github/workflows/verify.yml'), 'utf8')).toContain('npm install --global pnpm@latest\n')
})
