// Releases in a cluster of three machines under load by two edges, every second one with a fault: npm run bench:swarm -- [--releases 20] [--faults 10] [--rate 200] [--services 6] [--seed 7] [--only TEXT[,TEXT]] [--edge haproxy] [--every-step] [--check]
// With --every-step machines are struck as one step of the release after the other begins, else always when the new units are started. With --only, faults whose names have one of these texts. Root, and what the lab of e2e/src/swarm needs. About a minute for each release. SIGTERM ends it after the release that is being made.
import { parseArgs } from 'node:util'
import { machineFaults, noFault, otherFaults, strikeSteps, type ClusterFault } from '../e2e/src/swarm/cluster-faults.ts'
import { edgeImages, type EdgeKind } from '../e2e/src/swarm/edge-image.ts'
import { createFaultStage, type FaultStage, type Troubled } from '../e2e/src/swarm/fault-stage.ts'
import { whyNoSwarmLab } from '../e2e/src/swarm/why-no-swarm-lab.ts'
import { quantile, releaseTimes, type ReleaseTimes } from './swarm/release-times.ts'

/** Of the promise: all edges have acknowledged a switch by then, and a release is made by then beside making and pulling images and booting what is in them. */
const [mostSwitchMs, mostReleaseMs] = [250, 25_000]

interface Row {
  readonly fault: string
  /** Undefined where the release was not made, or in several goes. */
  readonly times: ReleaseTimes | undefined
  readonly arrivals: number
  readonly inFlight: number
  readonly cut: number
  /** Lost without an excuse, or answered wrongly. */
  readonly otherwise: number
  readonly seen: string
}

const word = (usual: string) => ({ type: 'string', default: usual }) as const
const { values } = parseArgs({ options: { releases: word('20'), faults: word('10'), rate: word('200'), services: word('6'), seed: word('7'), only: word(''), edge: word('edge'), 'every-step': { type: 'boolean', default: false }, check: { type: 'boolean', default: false } } })
const edge = Object.keys(edgeImages).find((each): each is EdgeKind => each === values.edge)
if (edge === undefined) throw new Error(`--edge is one of ${Object.keys(edgeImages).join(', ')}`)
const missing = whyNoSwarmLab({ PATH: process.env['PATH'] })
if (missing !== undefined) throw new Error(`No cluster can be raised here: ${missing}`)
const stopped = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.abort())

const world = await createFaultStage({ ratePerSecond: Number(values.rate), seed: Number(values.seed), services: Number(values.services), edge })
const rows: Row[] = []
try {
  for (const fault of plan(Number(values.releases), Number(values.faults))) {
    if (stopped.signal.aborted) break
    const row = await release(world, fault)
    rows.push(row)
    console.log(told(row))
    if (row.otherwise > 0) console.log(row.seen)
  }
} finally {
  for (const left of await world.leave()) console.error(`left running: ${left}`)
}
conclude()

/** As many releases, of which so many have a fault, each kind in turn and as far from each other as they can be. */
function plan(releases: number, faulty: number): ClusterFault[] {
  const kinds: readonly ClusterFault[] = [...Object.values(machineFaults), ...Object.values(otherFaults)].filter(({ name }) => values.only.split(',').some((text) => name.includes(text)))
  const before = (index: number): number => Math.floor((index * faulty) / releases)
  return Array.from({ length: releases }, (_, index) => (before(index + 1) > before(index) ? (kinds[before(index) % kinds.length] ?? noFault) : noFault))
}

async function release(stage: FaultStage, fault: ClusterFault): Promise<Row> {
  const at = values['every-step'] ? strikeSteps[rows.length % strikeSteps.length] : undefined
  const result = await stage.troubled((struck) => fault.run(stage, struck, at)).catch((error: unknown) => String(error))
  if (typeof result === 'string') return { fault: fault.name, times: undefined, arrivals: 0, inFlight: 0, cut: 0, otherwise: 1, seen: result }
  const { losses, records, releases, seen } = result
  const made = releases.find(({ release: { state } }) => state === 'live')
  const count = (isCut: boolean, of: 'struck' | 'otherwise'): number => losses.reduce((sum, each, at) => sum + ((at === fault.cut) === isCut ? each[of].length : 0), 0)
  return {
    fault: fault.name, times: made && releaseTimes(made), arrivals: records.flat().length, seen,
    inFlight: count(false, 'struck'), cut: count(true, 'struck') + count(true, 'otherwise'), otherwise: count(false, 'otherwise') + wrongIn(result),
  }
}

function wrongIn({ judgements }: Troubled): number {
  return judgements.reduce((sum, { counts: { stale, blended, duplicated, garbled, overload } }) => sum + stale + blended + duplicated + garbled + overload, 0)
}

/** Without making images, and without what the start of the candidate is: pulling them, booting, and the first good answer of each instance. */
function restMs({ totalMs, buildMs, steps }: ReleaseTimes): number {
  return totalMs - buildMs - (steps['start-candidate'] ?? 0)
}

/** Steps that took a tenth of a second. */
function stepsOf({ steps }: ReleaseTimes): string {
  return Object.entries(steps).filter(([, ms]) => ms >= 100).map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)}`).join(', ')
}

function told({ fault, times, arrivals, inFlight, cut, otherwise }: Row): string {
  const took = times === undefined ? 'in several goes' : `${(times.totalMs / 1000).toFixed(1)} s, of which ${(times.buildMs / 1000).toFixed(1)} s images; switched in ${times.switchMs} ms (${stepsOf(times)})`
  return `${fault}: ${took}; ${arrivals} requests, lost: ${inFlight} in flight where it struck${cut > 0 ? `, ${cut} by the edge that was cut off` : ''}, ${otherwise} otherwise`
}

function conclude(): void {
  // Where an edge is lost a switch waits three seconds for it, and says so.
  const usual = rows.filter(({ fault }) => fault === noFault.name).flatMap(({ times }) => times ?? [])
  const switches = usual.map(({ switchMs }) => switchMs)
  const rests = usual.map(restMs)
  const boots = usual.map(({ steps }) => steps['start-candidate'] ?? 0)
  const seconds = (values: readonly number[]): string => `${(quantile(values, 0.5) / 1000).toFixed(1)} s (half), ${(quantile(values, 0.95) / 1000).toFixed(1)} s (95 %)`
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)
  console.log(`${rows.length} releases of ${values.services} services at ${values.rate} requests a second, ${rows.filter(({ fault }) => fault !== noFault.name).length} with a fault: ${sum((row) => row.arrivals)} requests, lost: ${sum((row) => row.inFlight)} in flight, ${sum((row) => row.cut)} by an edge that was cut off, ${sum((row) => row.otherwise)} otherwise`)
  console.log(`without a fault: switched in ${quantile(switches, 0.5)} ms (half), ${quantile(switches, 0.95)} ms (95 %); pulled and booted in ${seconds(boots)}; the rest of the release but for making images took ${seconds(rests)}`)
  const bars = [sum((row) => row.otherwise) === 0, usual.length > 0 && Math.max(...switches) <= mostSwitchMs, usual.length > 0 && Math.max(...rests) <= mostReleaseMs]
  const held = bars.filter(Boolean).length
  console.log(`BARS: ${held} held, ${bars.length - held} missed (nothing lost otherwise; every switch within ${mostSwitchMs} ms; every release within ${mostReleaseMs / 1000} s beyond images and boot)`)
  if (values.check && held < bars.length) process.exitCode = 1
}
