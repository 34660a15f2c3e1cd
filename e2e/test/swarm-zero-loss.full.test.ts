import { contract, type ReleaseDetail } from '@plimsoll/model'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { switchesIn } from '../src/crash/switches-in.ts'
import { judge, type Judgement } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { pause } from '../src/load/pause.ts'
import type { CommandEnd } from '../src/plimsoll/plimsoll-home.ts'
import type { EdgeKind } from '../src/swarm/edge-image.ts'
import { loadByEdges } from '../src/swarm/load-by-edges.ts'
import type { SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { createSwarmStage, type SwarmStage } from '../src/swarm/swarm-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })
const ratePerSecond = 40
const streamGraceMs = 10_000

interface Judged {
  /** One for each edge. */
  readonly judgements: readonly Judgement[]
  /** All of it, for people. */
  readonly seen: string
}

describe.skipIf(missing !== undefined)(`releases in a cluster under load${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: SwarmStage

  afterEach(async () => {
    expect(await stage.leave()).toEqual([])
  })

  async function begin(edge: EdgeKind): Promise<void> {
    stage = await createSwarmStage({ edge })
    await command('release', '--to', 'production')
  }
  async function command(...args: readonly string[]): Promise<CommandEnd> {
    const end = await stage.plimsoll.run([...args, '--json'], { cwd: stage.repo.directory })
    expect(end.code, `${end.out.slice(-6000)}${end.err}`).toBe(0)
    return end
  }
  async function releases(): Promise<ReleaseDetail[]> {
    const client = await stage.client()
    const { releases: all } = await client.call(contract.listReleases, { params: { app: 'shop' } })
    return Promise.all(all.filter(({ number }) => number > 1).map(({ number }) => client.call(contract.showRelease, { params: { app: 'shop', release: number } })))
  }
  /**
   * Puts load on both edges while `work` is done, and judges what arrived by each: two machines do not switch in one instant, so that one answers for the next
   * release while the other has not switched yet. Once the switch is acknowledged both must have, which each judgement sees by itself.
   */
  async function underLoad(work: () => Promise<void>): Promise<Judged> {
    const load = loadByEdges(stage.ports, { ratePerSecond, seed: 5, longestMs: 400_000 })
    try {
      await pause(1_500)
      await work()
      await pause(1_500)
    } finally {
      await load.finish()
    }
    const switches = switchesIn(await releases(), 1)
    const judgements = (await load.finish()).map((records) => judge({ records, first: 1, switches, streamGraceMs }))
    const seen = judgements.map((judgement, at) => `by edge ${at + 1}: ${renderJudgement(judgement)}`).join('\n')
    console.log(seen)
    return { judgements, seen }
  }

  test.each([['edges', 'edge'], ['HAProxies', 'haproxy']] as const)('two releases and a way back through two %s lose, blend and duplicate nothing', async (_, edge) => {
    await begin(edge)
    const { judgements, seen } = await underLoad(async () => {
      for (const text of ['B', 'C']) {
        await stage.repo.change(text)
        await command('release', '--to', 'production')
      }
      await command('rollback', '--app', 'shop')
    })
    expect(judgements.map(({ held }) => held), seen).toEqual([true, true])
    for (const { engine } of stage.lab.nodes.slice(0, 2)) expect((await programsOfEdge(engine)).some((program) => program.includes('/haproxy'))).toBe(edge === 'haproxy')
  })

  test('the judge sees it when the cluster ends what is live', async () => {
    await begin('edge')
    const { judgements, seen } = await underLoad(async () => {
      await removeServices(stage, /^shop-web-r1-/)
      // They are out of names for two seconds before they are told to end, answer those who come all the same for five more, and for as long again a request waits for one that would begin.
      await pause(16_000)
    })
    for (const { held, counts, arrivals } of judgements) {
      expect(held, seen).toBe(false)
      // More than the writes, which are asked about when all is over.
      expect(counts.status + counts.reset + counts.refused + counts.cut, seen).toBeGreaterThan((arrivals['write'] ?? 0) + 10)
    }
  })
})

/** As somebody might do by hand. */
async function removeServices({ lab: { nodes: [{ engine }] } }: SwarmStage, name: RegExp): Promise<void> {
  const to = 'end what is live'
  const { body } = await engine.call({ path: '/services', to }, AbortSignal.timeout(10_000))
  for (const { ID, Spec } of JSON.parse(body) as { ID: string; Spec: { Name: string } }[]) if (name.test(Spec.Name)) await engine.call({ method: 'DELETE', path: `/services/${ID}`, to }, AbortSignal.timeout(10_000))
}

/** What runs in the edge of a machine. */
async function programsOfEdge(engine: SwarmLab['nodes'][0]['engine']): Promise<readonly string[]> {
  const to = 'look into an edge'
  const { body } = await engine.call({ path: '/containers/json', query: { filters: { name: ['plimsoll-edge'] } }, to }, AbortSignal.timeout(10_000))
  const [edge] = JSON.parse(body) as { Id: string }[]
  const { body: top } = await engine.call({ path: `/containers/${edge?.Id}/top`, to }, AbortSignal.timeout(10_000))
  return (JSON.parse(top) as { Processes: string[][] }).Processes.map((words) => words.join(' '))
}
