import { isPlimsollError, type Traffic, trafficSchema } from '@plimsoll/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClientLimits } from '../../src/settings/client-limits.ts'
import { type EdgeWorld, edgeWorld, freePorts, signal } from '../edge-world.ts'
import { allCases } from './all-cases.ts'
import { type HostileCase, type ProxyKind, proxyKinds } from './hostile-case.ts'
import { Lane } from './lane.ts'
import { type Observation, observe } from './observe.ts'

const cases = Object.values(allCases).flat()
const lanes = new Map<HostileCase, Lane>()
const seen = new Map<HostileCase, Observation>()
const worlds: EdgeWorld[] = []

const limits: Readonly<Record<ProxyKind, Partial<ClientLimits>>> = {
  usual: {},
  narrow: { bodyBytes: 1_000 },
  'impatient-heads': { headersMs: 2_000 },
  'impatient-bodies': { silenceMs: 2_000 },
}

beforeAll(async () => {
  for (const kase of cases) lanes.set(kase, await Lane.open(kase))
  const entries = new Map<HostileCase, number>()
  for (const kind of proxyKinds) for (const [kase, entry] of await openEdge(kind)) entries.set(kase, entry)
  const runAll = async (kinds: readonly ProxyKind[]): Promise<void> => {
    const chosen = cases.filter(({ proxy }) => kinds.includes(proxy))
    await Promise.all(chosen.map(async (kase) => seen.set(kase, await observe(kase, { lane: laneOf(kase), entry: entries.get(kase) ?? 0 }))))
  }
  await runAll(['usual', 'narrow'])
  // Alone: a busy machine must not be late by so much that a client looks slow.
  await runAll(['impatient-heads', 'impatient-bodies'])
})

afterAll(async () => {
  for (const lane of lanes.values()) lane.close()
  for (const world of worlds) await world.close()
})

/** An edge in which each of the cases for this kind is a service of its own, and the ports of these. */
async function openEdge(kind: ProxyKind): Promise<[HostileCase, number][]> {
  const world = await edgeWorld({ settings: { limits: limits[kind], units: { absentMs: 0 } } })
  worlds.push(world)
  const chosen = cases.filter(({ proxy }) => proxy === kind)
  for (;;) {
    const ports = await freePorts(chosen.length)
    const served = chosen.map((kase, index): [HostileCase, number] => [kase, ports[index] ?? 0])
    try {
      await world.edge.shift(trafficTo(served), signal)
      return served
    } catch (error) {
      // Of so many ports one may be somebody else's by the time that the edge opens it; it opens all or none.
      if (!isPlimsollError(error) || error.code !== 'PORT_TAKEN') throw error
    }
  }
}

function trafficTo(served: readonly [HostileCase, number][]): Traffic {
  const named = served.map(([kase, port], index) => ({ name: `case-${index}`, port, upstream: laneOf(kase).address }))
  return trafficSchema.parse({
    app: 'hostile',
    fence: 1,
    entries: Object.fromEntries(named.map(({ name, port }) => [name, { port, hosts: [] }])),
    live: {
      release: 1,
      targets: Object.fromEntries(named.map(({ name, upstream }) => [name, { kind: 'instances', unit: `${name}-r1`, addresses: [upstream] }])),
      deploymentIds: {},
    },
    previous: [],
  })
}

function laneOf(kase: HostileCase): Lane {
  const lane = lanes.get(kase)
  if (lane === undefined) throw new Error(`${kase.name} has no upstream`)
  return lane
}

test('every case has a name of its own', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

describe.each(Object.entries(allCases))('%s', (_group, group) => {
  test.each(group.map((kase) => [kase.name, kase] as const))('%s', (_name, kase) => {
    const { outcome, answered, heard } = seen.get(kase) ?? { outcome: 'nothing', answered: '', heard: '' }
    const { heads, cut } = laneOf(kase)
    expect({ outcome, reaches: heads }, `the client was told ${JSON.stringify(answered.slice(0, 300))}, the upstream heard ${JSON.stringify(heard.slice(0, 300))}`).toEqual({ outcome: kase.outcome, reaches: kase.reaches })
    for (const pattern of kase.answers) expect(answered).toMatch(pattern)
    for (const pattern of kase.answersLack) expect(answered).not.toMatch(pattern)
    for (const pattern of kase.hears) expect(heard).toMatch(pattern)
    for (const pattern of kase.hearsNot) expect(heard).not.toMatch(pattern)
    if (kase.upstreamCut) expect(cut).toBeGreaterThan(0)
  })
})
