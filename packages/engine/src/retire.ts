import type { ReleaseNumber, Traffic } from '@plimsoll/model'
import { inParallel } from './in-parallel.ts'
import type { EdgeContext } from './release-context.ts'
import { stopUnits } from './stop-units.ts'
import { unitsIn, without } from './units-in.ts'

/** How long what is in flight to a retired release may take. */
const requestGraceMs = 60_000
/** Event streams and WebSockets of a retired release, before they are closed with 1012. */
const streamGraceMs = 10_000

/**
 * Takes `releases` out of `traffic`, waits until nothing is in flight to them, and stops their units, but those that a
 * release which stays has kept: the edge leads, and SIGTERM comes only when no request can be lost by it. Twice is once.
 */
export async function retire(context: EdgeContext, traffic: Traffic, releases: readonly ReleaseNumber[]): Promise<void> {
  const { app, edge, fence, memory, signal } = context
  const previous = traffic.previous.filter(({ release }) => !releases.includes(release))
  await edge.shift({ ...traffic, fence, previous }, signal)
  const staying = await Promise.all([traffic.live, ...previous].map(({ release }) => memory.recall(release)))
  const kept = staying.flatMap((release) => unitsIn(context, release))
  // One that was taken out of the table by a call which died before it had stopped everything is found by what runs of it.
  const names = new Set(kept.map(({ unit }) => unit.name))
  const strays = (await context.driver.observe(app, signal)).filter(({ unit }) => !names.has(unit.name)).map(({ unit }) => unit.release)
  await inParallel(context, [...new Set([...releases, ...strays])], async (release, each) => {
    await edge.drain({ app, release, requestGraceMs, streamGraceMs }, each.signal)
    // A run of a cron service goes on to its end, whichever release is live by then.
    const going = unitsIn(each, await memory.recall(release)).filter(({ spec }) => spec.kind !== 'cron')
    await stopUnits(each, without(going, kept))
  })
}
