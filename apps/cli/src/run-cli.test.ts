import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'
import type { Surface } from './session.ts'

let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'cli-')) })
afterEach(() => rm(directory, { recursive: true }))

const right = 'services:\n  - type: web\n    name: web\n    runtime: node\n    plan: starter\n    buildCommand: npm ci\n    startCommand: node a.js\n    healthCheckPath: /healthz\n'

test('check says that a Blueprint is right, and exits 0', async () => {
  await writeFile(join(directory, 'render.yaml'), right)
  expect(await cli('check')).toMatchObject({ status: 0, out: expect.stringContaining('render.yaml is right') })
})

test('check names every mistake with its line, and exits 11', async () => {
  await writeFile(join(directory, 'render.yaml'), right.replace('healthCheckPath: /healthz', 'healthCheckPath: healthz').replace('node a.js', 'node a.js\n    nmae: x'))
  const { status, out } = await cli('check')
  expect(status).toBe(11)
  expect(out).toMatch(/render\.yaml:8:\d+ services\[0\]\.nmae/)
  expect(out).toMatch(/render\.yaml:9:\d+ services\[0\]\.healthCheckPath/)
})

test('check without a Blueprint says so, and exits 10', async () => {
  expect(await cli('check')).toMatchObject({ status: 10, err: expect.stringContaining('There is no render.yaml') })
})

test('with --json a failure is one JSON value on standard output', async () => {
  const { status, out } = await cli('check', '--json')
  expect([status, JSON.parse(out)]).toMatchObject([10, { problem: { code: 'NO_BLUEPRINT' } }])
})

const ill = right.replace('runtime: node', 'env: node # as before')

test('doctor says what will go wrong and exits 0, 11 with an error, and with --strict 11 with a warning', async () => {
  await writeFile(join(directory, 'render.yaml'), ill)
  expect(await cli('doctor')).toMatchObject({ status: 0, out: expect.stringContaining('deprecated-key') })
  expect((await cli('doctor', '--strict')).status).toBe(11)
  await writeFile(join(directory, 'render.yaml'), ill.replace('name: web', 'nmae: web'))
  expect((await cli('doctor')).status).toBe(11)
})

test('doctor speaks JSON, SARIF and annotations', async () => {
  await writeFile(join(directory, 'render.yaml'), ill)
  expect(JSON.parse((await cli('doctor', '--json')).out)).toMatchObject({ file: 'render.yaml', findings: expect.arrayContaining([expect.objectContaining({ rule: 'deprecated-key', line: 4, column: 5, mends: true })]) as unknown })
  expect(JSON.parse((await cli('doctor', '--format', 'sarif')).out)).toMatchObject({ version: '2.1.0' })
  expect((await cli('doctor', '--format', 'annotations')).out).toMatch(/^::warning file=render\.yaml,line=4,col=5,title=deprecated-key::/m)
})

test('doctor --fix shows what it would write, asks, and writes it only after a yes', async () => {
  await writeFile(join(directory, 'render.yaml'), ill)
  const unasked = await cli('doctor', '--fix')
  expect(unasked).toMatchObject({ status: 2, err: expect.stringContaining('-    env: node # as before\n+    runtime: node # as before\n') })
  expect(await readFile(join(directory, 'render.yaml'), 'utf8')).toBe(ill)
  expect(await cli('doctor', '--fix', '--yes')).toMatchObject({ status: 0, out: expect.stringContaining('1 finding mended') })
  expect(await readFile(join(directory, 'render.yaml'), 'utf8')).toBe(ill.replace('env: node', 'runtime: node'))
  expect(await cli('doctor', '--fix', '--yes')).toMatchObject({ err: '', out: expect.not.stringContaining('mended') })
})

test('status where nothing runs says so without starting anything', async () => {
  expect(await cli('status')).toMatchObject({ status: 0, out: expect.stringContaining('does not run') })
  expect(JSON.parse((await cli('status', '--json')).out)).toEqual({ running: false, apps: [] })
})

test('commands that need a running Plimsoll say how to start it, and exit 45', async () => {
  expect(await cli('rollback')).toMatchObject({ status: 45, err: expect.stringContaining('plimsoll up') })
  expect(await cli('logs')).toMatchObject({ status: 45 })
})

test('down where nothing runs is done already', async () => {
  expect(await cli('down')).toMatchObject({ status: 0 })
})

test('what is not understood exits 2 and shows where help is', async () => {
  expect(await cli('fly')).toMatchObject({ status: 2, err: expect.stringContaining('--help') })
  expect(await cli('status', '--colour')).toMatchObject({ status: 2 })
})

test('an option that is no number is refused before anything is asked or started', async () => {
  for (const args of [['logs', '--tail', 'x'], ['logs', '--release', 'x'], ['rollback', '--to', '0'], ['status', '--release', '1.5'], ['release', '--wait', 'soon']]) {
    expect(await cli(...args), args.join(' ')).toMatchObject({ status: 2, err: expect.stringContaining('no') })
  }
  expect(await readdir(directory)).toEqual([])
})

test('what cannot be pushed, written down or run is refused before anything is built or started', async () => {
  const refusals: readonly (readonly [readonly string[], string])[] = [
    [['build', '--oci', '--push', 'https://ghcr.io/acme'], '--push https://ghcr.io/acme does not name'],
    [['build', '--oci', '--images', 'images.json'], 'nothing is'],
    [['release', '--image', 'web'], '--image web does not say'],
    [['up', '--images', 'nowhere.json'], join(directory, 'nowhere.json')],
  ]
  for (const [args, says] of refusals) expect(await cli(...args), args.join(' ')).toMatchObject({ status: 2, err: expect.stringContaining(says) })
  expect(await readdir(directory)).toEqual([])
})

test('down --destroy-data where nothing ever ran starts nothing', async () => {
  expect(await cli('down', '--destroy-data')).toMatchObject({ status: 0, out: expect.stringContaining('Nothing to stop') })
  expect(await readdir(directory)).toEqual([])
})

test('help exits 0 and lists the commands', async () => {
  const { status, out } = await cli('--help')
  expect(status).toBe(0)
  for (const command of ['up', 'release', 'rollback', 'status', 'logs', 'env', 'down', 'check']) expect(out).toContain(`\n  ${command}`)
})

async function cli(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const streams = { input: new PassThrough(), out: new PassThrough(), err: new PassThrough() }
  const status = await runCli(args, { ...streams as unknown as Pick<Surface, 'input' | 'out' | 'err'>, directory, environment: { PLIMSOLL_HOME: join(directory, 'home') } })
  return { status, out: String(streams.out.read() ?? ''), err: String(streams.err.read() ?? '') }
}
