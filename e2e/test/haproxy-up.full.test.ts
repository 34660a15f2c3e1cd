import { setTimeout as delay } from 'node:timers/promises'
import { contract, type AppView } from '@plimsoll/model'
import { whyNoHaproxy } from '@plimsoll/edge/why-no-haproxy'
import { expect, test } from 'vitest'
import { crashBlueprint } from '../src/crash/crash-blueprint.ts'
import { openWitness } from '../src/crash/open-witness.ts'
import { processPlace } from '../src/crash/process-place.ts'
import { judge } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import type { SwitchRecord } from '../src/judge/switch-record.ts'
import { leftBehind } from '../src/leaks/left-behind.ts'
import { auditWrites } from '../src/load/audit-writes.ts'
import { startLoad } from '../src/load/start-load.ts'
import { startVisitors } from '../src/load/start-visitors.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { switchOf } from '../src/plimsoll/switch-of.ts'
import { shopTarget } from '../src/shop/shop-target.ts'
import { sidesOf } from '../src/load/sides-of.ts'

const skipped = whyNoHaproxy(process.env)
const ratePerSecond = 60
/** What the engine gives streams of a release that is retired. */
const streamGraceMs = 10_000
const oneMore = `  - type: web
    name: extra
    runtime: node
    buildCommand: node --check shop-server.mjs
    startCommand: node shop-server.mjs
    healthCheckPath: /healthz
`

/** A Plimsoll that was told to have HAProxy listen, as a user tells it, and an app of several services. */
interface Scene {
  readonly plimsoll: PlimsollHome
  readonly repo: FixtureRepo
  readonly blueprint: string
}

async function command({ plimsoll, repo }: Scene, ...args: readonly string[]): Promise<CommandEnd> {
  const end = await plimsoll.run([...args, '--json'], { cwd: repo.directory })
  expect(end.code, `${args.join(' ')}: ${end.out.slice(-3000)}${end.err}`).toBe(0)
  return end
}

/** Releases the app with other services, or with another text in it. */
async function release(scene: Scene, text: string, { services = '', args = [] }: { readonly services?: string; readonly args?: readonly string[] } = {}): Promise<CommandEnd> {
  await scene.repo.write('render.yaml', `${scene.blueprint}${services}`)
  await scene.repo.change(text)
  return command(scene, 'release', ...args)
}

async function portOf({ plimsoll }: Scene, name: string): Promise<number> {
  const { services }: AppView = await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  return Number(new URL(services.find(({ service }) => service === name)?.url ?? 'http://nowhere').port)
}

const statusOf = async (port: number): Promise<number> => (await fetch(`http://127.0.0.1:${port}/healthz`)).status
const haproxies = async ({ plimsoll: { home } }: Scene): Promise<number[]> => (await leftBehind(home)).filter(({ command: line }) => /^\S*haproxy /.test(line)).map(({ pid }) => pid)

/** Puts load on while `changes` are made one after the other, and judges. The release that serves first is 1. */
async function underLoad(scene: Scene, changes: readonly (() => Promise<CommandEnd>)[]): Promise<void> {
  const target = shopTarget(await portOf(scene, 'web'), await portOf(scene, 'api'))
  const load = startLoad({ target, ratePerSecond, seed: 17, longestMs: 900_000 })
  const made: SwitchRecord[] = []
  try {
    await delay(1_500)
    for (const change of changes) {
      const one = switchOf(await change(), made.at(-1)?.after ?? 1)
      if (one !== undefined) made.push(one)
      await delay(1_500)
    }
  } finally {
    await load.finish()
  }
  const { records } = await load.finish()
  const judgement = judge({ records: await auditWrites(records, target), first: 1, switches: made, streamGraceMs })
  const seen = renderJudgement(judgement)
  console.log(seen)
  expect(judgement.held, seen).toBe(true)
}

test.skipIf(skipped !== undefined)(skipped ?? 'Plimsoll with HAProxy loses nothing in releases, a new port, a port given up, a rollback and pauses under load, has canaries, survives a reboot and leaves no HAProxy', { timeout: 600_000 }, async () => {
  const plimsoll = await createPlimsollHome({ PLIMSOLL_EDGE: 'haproxy' })
  const witness = await openWitness(processPlace.host)
  const blueprint = crashBlueprint(processPlace, witness.url)
  const scene: Scene = { plimsoll, blueprint, repo: await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint }) }
  try {
    await command(scene, 'up')
    expect(JSON.parse((await command(scene, 'status')).out)).toMatchObject({ running: true, edge: 'haproxy' })
    const [first] = await haproxies(scene)
    await underLoad(scene, [
      async () => release(scene, 'B'),
      async () => command(scene, 'pause', '--for', '2'),
      async () => command(scene, 'rollback'),
      async () => {
        expect(await haproxies(scene)).toEqual([first])
        const end = await release(scene, 'one more service, on a port of its own', { services: oneMore })
        expect(await statusOf(await portOf(scene, 'extra'))).toBe(200)
        return end
      },
      async () => release(scene, 'one service less, in a pause', { args: ['--pause'] }),
    ])
    expect(await haproxies(scene)).toHaveLength(1)

    const web = await portOf(scene, 'web')
    const visitors = startVisitors(new URL(`http://127.0.0.1:${web}`), 24)
    await release(scene, 'for some first', { args: ['--canary', '30%,60%', '--canary-for', '3s'] })
    const visits = await visitors.finish()
    expect(visits.flatMap(({ hops }) => hops.filter(({ failure }) => failure !== undefined))).toEqual([])
    // Forward once: nobody goes to and fro.
    const sides = visits.map((visit) => sidesOf(visit).length)
    expect([Math.min(...sides) > 0, Math.max(...sides)]).toEqual([true, 2])

    await command(scene, 'maintenance', 'on')
    expect(await statusOf(web)).toBe(503)
    await command(scene, 'maintenance', 'off')
    expect(await statusOf(web)).toBe(200)

    for (const { pid } of await leftBehind(plimsoll.home)) process.kill(pid, 'SIGKILL')
    await command(scene, 'up')
    expect(await statusOf(web)).toBe(200)
    expect(await haproxies(scene)).toHaveLength(1)
  } finally {
    expect(await plimsoll.leave()).toEqual([])
    await witness.close()
  }
})
