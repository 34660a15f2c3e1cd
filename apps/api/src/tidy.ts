import { allSettled, finishedSteps, keptIn, keptSteps } from '@plimsoll/engine'
import { fromProblem, type AppName, type Digest, type DriverName, type JournalEntry, type Problem, type ReleaseState } from '@plimsoll/model'
import type { AppRecord, ReleaseKey } from '@plimsoll/store'
import { askPlace } from './ask-place.ts'
import type { Services } from './services.ts'

type Parts = Pick<Services, 'store' | 'edge' | 'places' | 'clock' | 'limits'>

/** How many of the releases that have served keep their artifacts, so that an app can go back to them. */
const keptReleases = 5
/** A work directory that was not used for so long belongs to something that is built no more. */
const unusedMs = 14 * 24 * 60 * 60_000
/** How often it is looked whether the disk has become short. */
const everyMs = 10 * 60_000

/**
 * Lets go of what there is no room for, oldest first, and never of what is needed. Nothing goes while it cannot be told what serves, and nothing of a
 * place while one that lives there cannot be asked for what it runs: that is thrown when the rest is done. Twice is once.
 */
export async function tidy(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, clock, limits, places, edge } = parts
  // Read first: what a release that begins meanwhile finds or makes is younger than this.
  const now = clock.now()
  const minFreeBytes = limits.freeBytes
  const apps = await store.apps.list()
  const needed = await Promise.all(apps.map((app) => neededBy(parts, app, signal)))
  const keep = new Set(needed.flatMap(({ digests }) => digests))
  const usedBefore = Math.min(now, ...needed.map(({ since = now }) => since))
  const away = needed.flatMap(({ away: each }) => each ?? [])
  const present = (await places.inUse()).filter(({ name }) => !away.some((each) => each.place === name))
  const room = { keep: [...keep], usedBefore, maxBytes: limits.artifactBytes, minFreeBytes, unusedSince: now - unusedMs }
  // Where there is no app there is nothing in the edge, and perhaps no edge.
  const tidyEdge = async (): Promise<void> => (apps.length === 0 ? undefined : edge.tidy({ maxBytes: limits.assetBytes, minFreeBytes }, signal))
  // What fails in one place keeps another from nothing.
  await allSettled([...present.map(async ({ place }) => void (await place.pruneBuilds(room))), tidyEdge()])
  const [first] = away
  if (first !== undefined) throw fromProblem(first.problem)
}

/**
 * Lets go of what `app` has built, whatever room there is, but for what other apps need. It must have nothing that runs. Nothing goes while it cannot be told what the others need, which is thrown. Twice is once.
 */
export async function dropArtifacts(parts: Parts, app: AppName, signal: AbortSignal): Promise<void> {
  const { store, clock, places } = parts
  const now = clock.now()
  const others = (await store.apps.list()).filter(({ name }) => name !== app)
  const place = (await store.apps.find(app))?.place
  if (place === undefined) return
  const { releases } = await store.releases.list(app, { limit: 200 })
  const past = await store.manyReleases.stepsOf(releases.map(({ number }) => ({ app, release: number })), keptSteps)
  const drop = releases.flatMap(({ number }) => Object.values(artifactsIn(past({ app, release: number }), { app, release: number })))
  const needed = await Promise.all(others.map((other) => neededBy(parts, other, signal)))
  const [away] = needed.flatMap(({ away: each }) => each ?? [])
  if (away !== undefined) throw fromProblem(away.problem)
  const usedBefore = Math.min(now, ...needed.map(({ since = now }) => since))
  await (await places.open(place)).pruneBuilds({ keep: needed.flatMap(({ digests }) => digests), drop, usedBefore, maxBytes: Number.MAX_SAFE_INTEGER, minFreeBytes: 0, unusedSince: now - unusedMs })
}

/** Tidies now and then, until `signal` fires: the disk fills up without releases too. */
export async function keepTidy(parts: Parts, report: (error: unknown) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tidy(parts, signal).catch((error: unknown) => {
      if (!signal.aborted) report(error)
    })
    // The signal ends the wait, and the loop.
    await parts.clock.sleep(everyMs, signal).catch(() => undefined)
  }
}

interface Needed {
  readonly digests: readonly Digest[]
  /** When the release that is under way began; what it uses is not written down yet. */
  readonly since: number | undefined
  /** The place that does not say what runs there, and why. */
  readonly away?: { readonly place: DriverName; readonly problem: Problem }
}

async function neededBy(parts: Parts, { name: app, place }: AppRecord, signal: AbortSignal): Promise<Needed> {
  const { edge, store } = parts
  const [traffic, { instances = [], problem }, { releases }] = await Promise.all([edge.live(app, signal), askPlace(parts, { name: app, place }, signal), store.releases.list(app, { limit: 50 })])
  const serving = traffic === undefined ? [] : [traffic.live, ...traffic.previous].map(({ release }) => release)
  const open = releases.filter(({ state }) => state === 'releasing' || state === 'stuck')
  const back = releases.filter(({ kind, state, number }) => kind === 'release' && hasServed.has(state) && number > (traffic?.cutOff ?? 0)).slice(0, keptReleases)
  const numbers = new Set([...serving, ...open.flatMap(({ number, backTo = number }) => [number, backTo]), ...back.map(({ number }) => number)])
  const read = [...new Set([...numbers, ...instances.map(({ unit }) => unit.release)])].map((release) => ({ app, release }))
  const past = await store.manyReleases.stepsOf(read, keptSteps)
  const digests = [...numbers].flatMap((release) => Object.values(artifactsIn(past({ app, release }), { app, release })))
  // The store can have forgotten what runs; a unit that outlived its release needs its own artifact and no other.
  const running = instances.flatMap(({ unit: { release, service } }) => artifactsIn(past({ app, release }), { app, release })[service] ?? [])
  const since = Math.min(...open.filter(({ state }) => state === 'releasing').map(({ startedAt }) => Date.parse(startedAt)))
  return { digests: [...digests, ...running], since: Number.isFinite(since) ? since : undefined, ...(problem !== undefined && { away: { place, problem } }) }
}

const hasServed: ReadonlySet<ReleaseState> = new Set<ReleaseState>(['live', 'previous', 'retired'])

/** service → what it runs in that release; empty when it was not built. */
function artifactsIn(past: readonly JournalEntry[], which: ReleaseKey): Record<string, Digest> {
  if (!finishedSteps(past).has('build')) return {}
  return Object.fromEntries(Object.entries(keptIn(past, which).artifacts).map(([service, { digest }]) => [service, digest]))
}
