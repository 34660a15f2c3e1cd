import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatDiagnostic } from '@plimsoll/model'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig, type ReadConfig } from './read-config.ts'

const directories: string[] = []
const signal = new AbortController().signal
const environment = { PATH: process.env['PATH'] ?? '' }

afterAll(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
})

async function repository(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'config-'))
  directories.push(root)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  return root
}

async function read(config: string, limitMs = 20_000): Promise<ReadConfig> {
  return readConfig({ root: await repository({ 'plimsoll.config.ts': config }), environment, limitMs }, signal)
}

function mistakes(read: ReadConfig): readonly string[] {
  return 'diagnostics' in read ? read.diagnostics.map(formatDiagnostic) : []
}

describe.concurrent('a configuration', () => {
  test('gives its suites, with all that was left out', async () => {
    const found = await read(`
      interface Named { readonly name: string }
      const api = { name: 'api', command: 'pnpm vitest run', needs: { databases: ['main'] }, workers: 2 } satisfies Named
      export default { suites: [api] }`)
    expect(found).toMatchObject({ file: 'plimsoll.config.ts', config: { suites: [{ name: 'api', cwd: '.', retries: 1, workers: 2, limitMs: 600_000, needs: { databases: ['main'], browser: false } }], coverage: { total: 80, changed: 80 } } })
  })

  test('is what the documentation shows, imported as users import it', async () => {
    const [, shown = ''] = /```ts\n(import \{ defineConfig \}[\s\S]*?)```/.exec(await readFile(new URL('../../../../../docs/suites.md', import.meta.url), 'utf8')) ?? []
    const root = await repository({ 'plimsoll.config.ts': shown, 'node_modules/@plimsoll/.keep': '' })
    await symlink(fileURLToPath(new URL('../../../../testing', import.meta.url)), join(root, 'node_modules/@plimsoll/testing'))
    const found = await readConfig({ root, environment, limitMs: 20_000 }, signal)
    expect(mistakes(found)).toEqual([])
    expect(found).toMatchObject({ config: { suites: [{ name: 'api', report: { format: 'vitest-json' } }, { name: 'journeys', needs: { browser: true } }] } })
  })

  test('with mistakes gives all of them, each at its own place', async () => {
    const found = await read(`const api: object = {
  name: 'API suite',
  comand: 'pnpm vitest',
}
const defineConfig = <T>(config: T): T => config
export default defineConfig({
  suites: [
    api,
    { name: 'e2e', command: 'x', retries: 2 as number, cwd: '../elsewhere' },
    { name: 'e2e', command: 'y', report: { format: 'xml' } },
  ],
  seeds: {},
  coverage: {
    total: 101,
  },
})
`)
    expect(mistakes(found)).toEqual([
      'plimsoll.config.ts:2:3 suites[0].name: must be lower-case letters, digits and dashes, and begin with a letter',
      'plimsoll.config.ts:3:3 suites[0].comand: is no setting that is known',
      'plimsoll.config.ts:8:5 suites[0].command: is missing',
      'plimsoll.config.ts:9:34 suites[1].retries: invalid input',
      'plimsoll.config.ts:9:56 suites[1].cwd: must lie in the repository: a relative path without ".."',
      expect.stringMatching(/^plimsoll\.config\.ts:10:44 suites\[2\]\.report\.format: invalid option/),
      'plimsoll.config.ts:12:3 seeds: is no setting that is known',
      'plimsoll.config.ts:14:5 coverage.total: too big: expected number to be <=100',
    ])
  })

  test.each([
    ['whose syntax is wrong', 'export default {\n  suites: [ { name: 3 ]\n}', "plimsoll.config.ts:2:23 SyntaxError: Expected ',', got ']'"],
    ['that throws', 'const a: string = "a"\nexport default {\n  suites: missing }', 'plimsoll.config.ts:3:11 ReferenceError: missing is not defined'],
    ['that exports nothing', 'export const a = 1', 'plimsoll.config.ts:1:1 has no default export: export default defineConfig({ … })'],
    ['that holds more than plain values', 'export default {\n  suites: [{ name: "a", command: () => 1 }] }', 'plimsoll.config.ts:2:25 suites[0].command: is a function; only plain values can be read'],
    ['that ends its process', 'process.exit(0)', 'plimsoll.config.ts:1:1 ended without saying anything'],
  ])('%s is a mistake with its place', async (_, text, said) => {
    expect(mistakes(await read(text))).toEqual([said])
  })

  test('that never ends is ended, with what it started', async () => {
    const root = await repository({})
    const beat = join(root, 'beat')
    await writeFile(join(root, 'plimsoll.config.ts'), `
      import { spawn } from 'node:child_process'
      import { writeFileSync } from 'node:fs'
      const child = spawn('sleep', ['600'])
      writeFileSync(${JSON.stringify(beat)}, String(child.pid))
      await new Promise(() => setInterval(() => undefined, 1000))`)
    expect(mistakes(await readConfig({ root, environment, limitMs: 2_000 }, signal))).toEqual(['plimsoll.config.ts:1:1 did not end within 2 s'])
    const pid = await readFile(beat, 'utf8')
    expect(existsSync(`/proc/${pid}`) && !(await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z')).toBe(false)
  })
})

describe('a repository without one', () => {
  test('has what Turborepo runs as its suites', async () => {
    const root = await repository({
      'turbo.json': '{\n  // tasks\n  "tasks": { "build": {}, "test:integration": {}, "web#test:e2e": {} } }',
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'package.json': '{}',
      'apps/api/package.json': '{ "scripts": { "test:integration": "vitest run" } }',
      'apps/web/package.json': '{ "scripts": { "test:e2e": "playwright test" } }',
    })
    const found = await readConfig({ root, environment, limitMs: 1 }, signal)
    expect(found.file).toBeUndefined()
    expect('config' in found && found.config.suites.map(({ name, needs }) => [name, needs.browser])).toEqual([['integration', false], ['e2e', true]])
  })

  test('has none where no package has such a script', async () => {
    const root = await repository({ 'turbo.json': '{ "tasks": { "test:e2e": {} } }', 'package.json': '{ "scripts": { "test": "x" } }' })
    expect(await readConfig({ root, environment, limitMs: 1 }, signal)).toMatchObject({ config: { suites: [] } })
  })
})
