import type { ReleaseNumber, Traffic } from '@plimsoll/model'
import { inParallel } from './in-parallel.ts'
import type { EdgeContext } from './release-context.ts'
import { stopUnits } from './stop-units.ts'
import { unitsIn, without } from './units-in.ts'

/** How long what is in flight to a release that no longer serves may take, and its event streams and WebSockets before they are closed with 1012. */
export const drainGrace = { requestGraceMs: 60_000, streamGraceMs: 10_000 }

/**
 * Takes `releases` out of `traffic`, waits until nothing is in flight to them, and stops their units, but those that a
 * release which stays has kept: the edge leads, and SIGTERM comes only when no request can be lost by it. Twice is once.
 */
export async function retire(context: EdgeContext, traffic: Traffic, releases: readonly ReleaseNumber[]): Promise<void> {
  const { app, driver, edge, fence, signal } = context
  const previous = traffic.previous.filter(({ release }) => !releases.includes(release))
  if (releases.length > 0) await edge.shift({ ...traffic, fence, previous }, signal)
  const serving = [traffic.live, ...previous].map(({ release }) => release)
  const staying = await unitsOfAll(context, serving)
  // What a call that died had taken out of the table before it stopped it is found by what runs of it.
  const strays = without(await driver.observe(app, signal), staying).map(({ unit }) => unit.release)
  const going = [...new Set([...releases, ...strays])]
  await inParallel(context, going.filter((release) => !serving.includes(release)), (release, each) => edge.drain({ app, release, ...drainGrace }, each.signal))
  const units = without(await unitsOfAll(context, going), staying)
  // A run of a cron service goes on to its end, whichever release is live by then.
  await stopUnits(context, units.filter(({ spec }) => spec.kind !== 'cron'))
}

/** Every unit that these releases run, each once. */
async function unitsOfAll(context: EdgeContext, releases: readonly ReleaseNumber[]): Promise<ReturnType<typeof unitsIn>> {
  const kept = await Promise.all(releases.map((release) => context.memory.recall(release)))
  return [...new Map(kept.flatMap((release) => unitsIn(context, release)).map((each) => [each.unit.name, each])).values()]
}
