import { contract, type ReleaseDetail } from '@plimsoll/model'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openFaultDoor, type FaultDoor } from '../src/crash/fault-door.ts'
import { switchesIn } from '../src/crash/switches-in.ts'
import { judge } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { wallNow } from '../src/load/load-record.ts'
import { pause } from '../src/load/pause.ts'
import type { CommandEnd, RunningCommand } from '../src/plimsoll/plimsoll-home.ts'
import { killEdge, untilAtRest } from '../src/swarm/cluster-at-rest.ts'
import { loadByEdges } from '../src/swarm/load-by-edges.ts'
import { lossesBy, renderLosses, type Losses } from '../src/swarm/losses-by.ts'
import { createSwarmStage, type SwarmStage } from '../src/swarm/swarm-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })
const ratePerSecond = 30
const streamGraceMs = 10_000

describe.skipIf(missing !== undefined)(`faults in a cluster during a release under load${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: SwarmStage
  let beside: string
  let faults: FaultDoor
  let version = 0

  beforeAll(async () => {
    beside = await mkdtemp(join(tmpdir(), 'pf-'))
    faults = openFaultDoor(join(beside, 'faults'))
    stage = await createSwarmStage(faults.environment)
    await released(start())
  })
  afterAll(async () => {
    expect(await stage.leave()).toEqual([])
    await rm(beside, { recursive: true, force: true })
  })

  const start = (): RunningCommand => stage.plimsoll.start(['release', '--to', 'production', '--json'], { cwd: stage.repo.directory })
  async function released(running: RunningCommand): Promise<CommandEnd> {
    const end = await running.ended
    expect(end.code, `${end.out.slice(-6000)}${end.err}`).toBe(0)
    return end
  }
  async function releases(): Promise<ReleaseDetail[]> {
    const client = await stage.client()
    const { releases: all } = await client.call(contract.listReleases, { params: { app: 'shop' } })
    return Promise.all(all.map(({ number }) => client.call(contract.showRelease, { params: { app: 'shop', release: number } })))
  }
  async function change(): Promise<void> {
    version += 1
    await stage.repo.change(`version ${version}`)
  }
  /**
   * Puts load on both edges while a release runs that `work` troubles, until the cluster is whole again. Whatever was lost must have been in flight where something was
   * struck; what was answered is judged as ever. `work` says when it struck.
   * Gives what was lost by each edge.
   */
  async function troubled(work: (struck: () => void) => Promise<void>): Promise<readonly Losses[]> {
    const { live } = await (await stage.client()).call(contract.showApp, { params: { app: 'shop' } })
    const first = live?.number ?? 0
    await change()
    const moments: number[] = []
    const load = loadByEdges(stage.ports, { ratePerSecond, seed: 11, longestMs: 300_000 })
    const since = wallNow()
    try {
      await pause(1_500)
      await work(() => moments.push(wallNow()))
      await untilAtRest(stage.lab)
      await pause(3_000)
    } finally {
      await load.finish()
    }
    const parts = await load.finish()
    const losses = parts.map((records) => lossesBy(moments, records))
    const switches = switchesIn((await releases()).filter(({ release }) => release.number > first), first)
    const judgements = parts.map((records) => judge({ records, first, switches, streamGraceMs }))
    const seen = [`struck at ${moments.map((at) => Math.round(at - since)).join(', ')} ms`, ...losses.flatMap((each, at) => [`by edge ${at + 1}:`, renderLosses(each, since)]), ...judgements.map(renderJudgement)].join('\n')
    console.log(`${expect.getState().currentTestName}\n${seen}`)
    expect(losses.flatMap(({ otherwise }) => otherwise), seen).toEqual([])
    for (const { counts: { stale, blended, duplicated, garbled, overload } } of judgements) expect({ stale, blended, duplicated, garbled, overload }, seen).toEqual({ stale: 0, blended: 0, duplicated: 0, garbled: 0, overload: 0 })
    return losses
  }

  test('a registry that is away costs no request, and the release is made when it is back', async () => {
    await troubled(async () => {
      await stage.lab.stopRegistry()
      const end = await start().ended
      await stage.lab.startRegistry()
      if (end.code !== 0) {
        expect(end.problem?.code, end.out.slice(-3000)).toMatch(/^(?:IMAGE_MISSING|REGISTRY_)/)
        await released(start())
      }
    })
  })

  test('a controller that is killed between the switch and its end costs no request, and the next one finishes', async () => {
    await troubled(async () => {
      await faults.arm({ signal: 'SIGKILL', point: 'edge.shift after', pass: 1, afterMs: 0 })
      const running = start()
      expect(await faults.struck(running.ended)).toBe(true)
      running.kill('SIGKILL')
      await running.ended
      await released(start())
    })
  })

  test('an edge that is killed costs what was under way through it, and nothing at the other', async () => {
    const [here, there] = await troubled(async (struck) => {
      const running = start()
      await running.printed(/"start-candidate"/)
      struck()
      await killEdge(stage.lab.nodes[0])
      await released(running)
    })
    expect(here?.struck, 'it was in use').not.toEqual([])
    expect(there?.struck).toEqual([])
  })

  test('a cable that is pulled costs what was under way on that machine', async () => {
    await troubled(async (struck) => {
      const [, , node] = stage.lab.nodes
      const running = start()
      await running.printed(/"start-candidate"/)
      struck()
      node.unplug()
      await released(running)
      struck()
      node.plug()
    })
  })
})
