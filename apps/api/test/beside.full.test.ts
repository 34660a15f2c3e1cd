import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { edgeHealth, edgePaths } from '@plimsoll/edge'
import { appNameSchema, contract, type AppView } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withUnitsBeside } from './units-beside.ts'

const run = promisify(execFile)
const world = withUnitsBeside({ beforeAll, afterAll })
const app = appNameSchema.parse('tiny')
const patience = { timeout: 60_000, interval: 50 }

async function writeApp(build: string): Promise<string> {
  const directory = join(world().home, 'tiny')
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'server.mjs'), "import { createServer } from 'node:http'\ncreateServer((_, answer) => answer.end('tiny')).listen(process.env.PORT, '127.0.0.1')\n")
  await writeFile(join(directory, 'render.yaml'), `services:\n  - type: web\n    name: web\n    runtime: node\n    buildCommand: ${JSON.stringify(build)}\n    startCommand: node server.mjs\n    healthCheckPath: /\n`)
  const git = (...args: readonly string[]) => run('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: directory })
  await git('init', '-q')
  await git('add', '-A')
  await git('commit', '-q', '-m', 'Tiny')
  return directory
}

const instancesIn = ({ services }: AppView): unknown => services.map(({ instances }) => instances.map(({ pid, restarts }) => ({ pid, restarts })))

test('a release goes on in whichever API follows the one that began it, and what it runs runs on through every change of the holder', { timeout: 120_000 }, async () => {
  const one = await world().start()
  world().leadTo(one)
  await expect.poll(one.holds, patience).toBe(true)
  const two = await world().start()
  await expect.poll(two.holds, patience).toBe(false)
  const go = join(world().home, 'go')
  const root = await writeApp(`while [ ! -e ${go} ]; do sleep 0.05; done`)
  const { number } = await two.client.call(contract.startRelease, { params: { app }, body: { source: { root, blueprint: 'render.yaml' }, skipVerify: 'it is tiny' } })
  const shown = () => two.client.call(contract.showRelease, { params: { app, release: String(number) } })
  await expect.poll(async () => (await shown()).journal.some(({ step, is }) => step === 'build' && is === 'started'), patience).toBe(true)
  expect((await two.client.call(contract.showApp, { params: { app } })).underWay).toMatchObject({ number })

  // With a release under way the elder keeps the home until it is told to end, and makes the changes that are asked of the one that is live.
  world().leadTo(two)
  expect(await world().client.call(contract.setValues, { params: { app }, body: { values: { 'web/NOTE': 'while it is released' } } })).toMatchObject([{ key: 'NOTE' }])
  const ended = once(one.process, 'exit')
  one.process.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  await expect.poll(two.holds, patience).toBe(true)
  await writeFile(go, '')
  await expect.poll(async () => (await shown()).release.state, patience).toBe('live')

  const three = await world().start()
  await expect.poll(three.holds, patience).toBe(false)
  const before = instancesIn(await two.client.call(contract.showApp, { params: { app } }))
  world().leadTo(three)
  await expect.poll(three.holds, patience).toBe(true)
  expect(await two.holds()).toBe(false)
  for (const { client } of [two, three]) expect(instancesIn(await client.call(contract.showApp, { params: { app } }))).toEqual(before)
  expect(await two.client.call(contract.takeDown, { params: { app }, body: { destroyData: false } })).toMatchObject({ wasLive: true, stopped: 1 })

  // An edge that serves nothing ends with the last holder, and one that stands by ends nothing.
  const { controlSocket } = edgePaths(world().home)
  for (const [unit, edgeRuns] of [[two, true], [three, false]] as const) {
    const left = once(unit.process, 'exit')
    unit.process.kill('SIGTERM')
    expect(await left).toEqual([0, null])
    expect((await edgeHealth({ controlSocket }, AbortSignal.timeout(10_000))) !== undefined).toBe(edgeRuns)
  }
})
