import { withCutOff, type ReleaseNumber, type Traffic } from '@plimsoll/model'
import type { DrainRequest } from './edge.ts'
import { inParallel } from './in-parallel.ts'
import type { EdgeContext } from './release-context.ts'
import { tellGivenUp } from './tell-away.ts'
import { stopUnits } from './stop-units.ts'
import { unitsIn, without } from './units-in.ts'

/** How long what is in flight may take. Event streams and WebSockets are closed with 1012 after theirs. */
type Grace = Pick<DrainRequest, 'requestGraceMs' | 'streamGraceMs'>

export interface Retired {
  readonly cutRequests: number
}

/** Of a release that no longer serves. */
export const usualGrace: Grace = { requestGraceMs: 60_000, streamGraceMs: 10_000 }
/** For what must not serve any longer. A stream can go on with its risk for hours, and its client comes back by itself. */
const shortGrace: Grace = { requestGraceMs: 10_000, streamGraceMs: 0 }

/**
 * Takes `releases` out of `traffic`, waits until nothing is in flight to them, and stops their units, but those that a
 * release which stays has kept: the edge leads, and SIGTERM comes only when no request can be lost by it. Twice is once.
 * Gives how many requests had no answer when their grace ended.
 */
export async function retire(context: EdgeContext, traffic: Traffic, releases: readonly ReleaseNumber[]): Promise<Retired> {
  return retireWithin(context, traffic, { releases, grace: usualGrace })
}

/**
 * Ends the service of release `upTo` and all before it, for good: nothing is pinned to them from now on, requests in flight
 * get ten seconds, streams none, and none of them goes live again. Gives those that had still been warm. Twice is once.
 * Throws `CUT_OFF` when the live release would be among them.
 */
export async function cutOff(context: EdgeContext, traffic: Traffic, upTo: ReleaseNumber): Promise<ReleaseNumber[]> {
  const releases = traffic.previous.map(({ release }) => release).filter((release) => release <= upTo)
  const next = withCutOff({ ...traffic, fence: context.fence }, upTo)
  await context.edge.shift(next, context.signal)
  await retireWithin(context, next, { releases, grace: shortGrace })
  return releases
}

/**
 * Whether something runs that no release in `traffic` needs: a call that died had taken it out of the table, and not stopped it yet.
 * {@link retire} ends it, with no release named too. Runs of cron services do not count.
 */
export async function hasStrays(context: EdgeContext, traffic: Traffic): Promise<boolean> {
  const strays = without(await context.driver.observe(context.app, context.signal), await unitsOfAll(context, servingIn(traffic)))
  const running = new Set(strays.map(({ unit }) => unit.name))
  const known = await unitsOfAll(context, [...new Set(strays.map(({ unit }) => unit.release))])
  return known.some(({ unit, spec }) => spec.kind !== 'cron' && running.has(unit.name))
}

function servingIn({ live, previous }: Pick<Traffic, 'live' | 'previous'>): ReleaseNumber[] {
  return [live, ...previous].map(({ release }) => release)
}

async function retireWithin(context: EdgeContext, traffic: Traffic, { releases, grace }: { readonly releases: readonly ReleaseNumber[]; readonly grace: Grace }): Promise<Retired> {
  const { app, driver, edge, fence, signal } = context
  const previous = traffic.previous.filter(({ release }) => !releases.includes(release))
  if (releases.length > 0) await edge.shift({ ...traffic, fence, previous }, signal)
  const serving = servingIn({ live: traffic.live, previous })
  const staying = await unitsOfAll(context, serving)
  // What a call that died had taken out of the table before it stopped it is found by what runs of it.
  const strays = without(await driver.observe(app, signal), staying).map(({ unit }) => unit.release)
  const going = [...new Set([...releases, ...strays])]
  const drained = await inParallel(context, going.filter((release) => !serving.includes(release)), (release, each) => edge.drain({ app, release, ...grace }, each.signal))
  tellGivenUp(context, [...new Set(drained.flatMap(({ away = [] }) => away))])
  const units = without(await unitsOfAll(context, going), staying)
  // A run of a cron service goes on to its end, whichever release is live by then.
  await stopUnits(context, units.filter(({ spec }) => spec.kind !== 'cron'))
  return { cutRequests: drained.reduce((sum, { cutRequests }) => sum + cutRequests, 0) }
}

/** Every unit that these releases run, each once. */
async function unitsOfAll(context: EdgeContext, releases: readonly ReleaseNumber[]): Promise<ReturnType<typeof unitsIn>> {
  const kept = await Promise.all(releases.map((release) => context.memory.recall(release)))
  return [...new Map(kept.flatMap((release) => unitsIn(context, release)).map((each) => [each.unit.name, each])).values()]
}
