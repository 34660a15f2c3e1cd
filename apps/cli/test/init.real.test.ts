import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { noApps, pnpmShop } from '@plimsoll/repository/monorepos'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { runCli } from '../src/run-cli.ts'
import type { Surface } from '../src/session.ts'

let repository: ScratchRepository
beforeEach(async () => { repository = await scratchRepository(pnpmShop) })
afterEach(() => repository.remove())

interface Ended {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** A person at a terminal, where `answers` are given: each is typed when the one before has been asked for. */
async function cli(args: readonly string[], answers?: readonly string[]): Promise<Ended> {
  const streams = { input: new PassThrough(), out: new PassThrough(), err: new PassThrough() }
  const shown: string[] = []
  const left = [...(answers ?? [])]
  if (answers !== undefined) for (const stream of [streams.input, streams.out]) Object.assign(stream, { isTTY: true, setRawMode: () => undefined })
  streams.out.on('data', (chunk: Buffer) => {
    shown.push(String(chunk))
    if (/(?:: |\[y\/N\] )$/.test(String(chunk)) && left.length > 0) streams.input.write(`${left.shift()}\n`)
  })
  const status = await runCli(args, { ...streams as unknown as Pick<Surface, 'input' | 'out' | 'err'>, directory: repository.root, environment: { NO_COLOR: '1' } })
  return { status, out: stripVTControlCharacters(shown.join('')), err: String(streams.err.read() ?? '') }
}

const there = (path: string) => access(join(repository.root, path)).then(() => true, () => false)
const text = (path: string) => readFile(join(repository.root, path), 'utf8')

test('--yes shows what was found and where, writes what is missing, and says what is next', async () => {
  const { status, out } = await cli(['init', '--yes'])
  expect(status).toBe(0)
  expect(out).toContain('/api/health  apps/api/src/routes/health.ts:3')
  expect(out).toContain('STRIPE_SECRET_KEY: asked for when it is first needed  apps/api/src/routes/orders.ts:3')
  expect(out).toContain('✓ render.yaml\n✓ plimsoll.config.ts\n')
  expect(out).toContain('plimsoll verify')
  expect(await text('render.yaml')).toContain('region: oregon')
  expect(await there('apps/api/Dockerfile')).toBe(false)
})

test('where nobody can be asked it shows all of it, writes nothing and exits 2', async () => {
  const { status, out, err } = await cli(['init'])
  expect([status, await there('render.yaml')]).toEqual([2, false])
  expect(out).toContain('+ render.yaml\n  │ # Written by plimsoll init')
  expect(err).toContain('plimsoll init --yes')
})

test('a file that is there stays as it is, and a second run writes nothing', async () => {
  await writeFile(join(repository.root, 'plimsoll.config.ts'), 'export default {}\n')
  expect((await cli(['init', '--yes'])).out).toContain('• plimsoll.config.ts is there already, and stays')
  expect(await text('plimsoll.config.ts')).toBe('export default {}\n')
  await writeFile(join(repository.root, 'render.yaml'), '# mine\n')
  const again = await cli(['init', '--yes'])
  expect([again.status, await text('render.yaml')]).toEqual([0, '# mine\n'])
  expect(again.out).toContain('Everything is there already: nothing was written.')
})

test('--json gives findings and whole files, and writes only with --yes', async () => {
  const schema = z.object({ services: z.array(z.looseObject({ name: z.string(), start: z.object({ value: z.string(), from: z.string() }) })), files: z.array(z.object({ path: z.string(), text: z.string(), isThere: z.boolean(), written: z.boolean() })) })
  const shown = schema.parse(JSON.parse((await cli(['init', '--json'])).out))
  expect(shown.services.map(({ name }) => name)).toEqual(['api', 'web', 'worker'])
  expect(shown.files.map(({ path, written }) => [path, written])).toEqual([['render.yaml', false], ['plimsoll.config.ts', false]])
  expect(await there('render.yaml')).toBe(false)
  expect(schema.parse(JSON.parse((await cli(['init', '--json', '--yes'])).out)).files.map(({ written }) => written)).toEqual([true, true])
  expect(await text('render.yaml')).toBe(shown.files[0]?.text)
})

test('--docker and --compose write what builds and runs images, and a Blueprint that builds from it', async () => {
  const { status } = await cli(['init', '--yes', '--docker', '--compose', '--ci', 'github'])
  expect(status).toBe(0)
  for (const path of ['apps/api/Dockerfile', 'apps/web/Dockerfile', 'apps/worker/Dockerfile', '.dockerignore', 'docker/production-files.mjs', 'compose.yaml', '.github/workflows/verify.yml']) expect(await there(path), path).toBe(true)
  expect(await text('render.yaml')).toContain('runtime: docker\n    plan: starter')
  expect(await text('render.yaml')).toContain('dockerfilePath: ./apps/api/Dockerfile')
  expect(await text('render.yaml')).toContain('autoDeployTrigger: checksPass')
})

test('beside a Blueprint that is there, --docker and --ci write at once, as they are named', async () => {
  await cli(['init', '--yes'])
  const { status, out } = await cli(['init', '--docker', '--ci', 'github'])
  expect([status, await there('apps/api/Dockerfile'), await there('.github/workflows/verify.yml')]).toEqual([0, true, true])
  expect(out).toContain('✓ apps/api/Dockerfile')
  expect(await text('render.yaml')).toContain('runtime: node')
})

test('a person is asked what stands nowhere, and answers in their own words', async () => {
  const { status, out } = await cli(['init'], ['mars', 'frankfurt', 'phc_123', 'y'])
  expect(out.match(/Which region/g)?.length).toBeGreaterThan(1)
  expect([status, out.includes('✓ render.yaml')]).toEqual([0, true])
  expect(await text('render.yaml')).toContain('region: frankfurt')
  expect(await text('render.yaml')).toContain('value: phc_123')
})

test('whoever says no has nothing written, and exits 130', async () => {
  const { status } = await cli(['init'], ['', '', 'n'])
  expect([status, await there('render.yaml')]).toEqual([130, false])
})

test('where there is no app it says so, names what it left out, and exits 10', async () => {
  await repository.remove()
  repository = await scratchRepository(noApps, { git: false })
  const { status, err } = await cli(['init', '--yes'])
  expect([status, await there('render.yaml')]).toEqual([10, false])
  expect(err).toContain('apps/old: It listens (apps/old/server.js:1)')
})
