import type { AppName, Outcome, Release, ReleaseNumber, ReleaseState, Traffic, Watch } from '@plimsoll/model'
import type { PlacedServices, Services } from './services.ts'

/** Writes down how the release ended, and what that makes of the others, as the edge tells it. */
export async function settleRelease(services: PlacedServices, end: { readonly release: Release; readonly fence: number; readonly outcome: Outcome }): Promise<Release> {
  const { store, edge, clock, secrets } = services
  const { app, number } = end.release
  if (services.platform !== undefined) return settleInPlace(services, end)
  const traffic = await edge.live(app, AbortSignal.timeout(10_000))
  await restate(services, { app, fence: end.fence, traffic, except: number })
  const now = clock.now()
  return store.releases.update({ app, number, fence: end.fence }, {
    state: stateAfter(end.release, end.outcome, traffic), outcome: secrets.redactAll(end.outcome), endedAt: new Date(now).toISOString(),
    watch: watchAfter(end.release, end.outcome, { traffic, now }),
  })
}

/**
 * No edge tells what serves there: whatever was completed last does, and so does what needed nothing done; after a rollback, what it went back to.
 * The ones before are not kept warm.
 */
async function settleInPlace({ store, clock, secrets }: PlacedServices, { release, fence, outcome }: { readonly release: Release; readonly fence: number; readonly outcome: Outcome }): Promise<Release> {
  const { app, number, backTo } = release
  const lives = (await store.releases.list(app, { limit: 50 })).releases.filter((each) => each.number !== number && each.state === 'live')
  const live = outcome.is === 'completed' ? backTo ?? number : outcome.is === 'unchanged' && lives.length === 0 ? number : undefined
  if (live !== undefined) for (const other of lives) if (other.number !== live) await store.releases.update({ app, number: other.number, fence }, { state: 'retired' })
  if (live !== undefined && live !== number) await store.releases.update({ app, number: live, fence }, { state: 'live' })
  return store.releases.update({ app, number, fence }, {
    state: live === number ? 'live' : live === backTo && live !== undefined ? 'completed' : stateOf(outcome), outcome: secrets.redactAll(outcome), endedAt: new Date(clock.now()).toISOString(),
  })
}

function stateOf({ is }: Outcome): ReleaseState {
  return is === 'completed' || is === 'rolled-back' ? 'retired' : is
}

/** The watch begins in the same write as the release is said to be live, so that no crash falls between. There is none without a release to go back to. */
function watchAfter({ number, watch }: Release, { is }: Outcome, { traffic, now }: { readonly traffic: Traffic | undefined; readonly now: number }): Watch | undefined {
  if (watch?.state !== 'waiting' || is === 'stuck') return watch
  const previous = traffic?.previous[0]?.release
  if (is !== 'completed' || traffic?.live.release !== number || previous === undefined) return undefined
  return { ...watch, state: 'watching', previous, startedAt: new Date(now).toISOString(), endsAt: new Date(now + watch.forMs).toISOString() }
}

function stateAfter(release: Release, outcome: Outcome, traffic: Traffic | undefined): ReleaseState {
  if (outcome.is === 'completed' || outcome.is === 'rolled-back') return release.kind === 'rollback' ? 'completed' : stateInTraffic(release.number, traffic)
  return outcome.is
}

function stateInTraffic(number: ReleaseNumber, traffic: Traffic | undefined): ReleaseState {
  if (traffic?.live.release === number) return 'live'
  return traffic?.previous.some(({ release }) => release === number) ? 'previous' : 'retired'
}

/** Brings the state of every release that serves, or did until now, in line with the edge. */
export async function restate(services: Pick<Services, 'store'>, facts: { readonly app: AppName; readonly fence: number; readonly traffic: Traffic | undefined; readonly except?: ReleaseNumber }): Promise<void> {
  const { store } = services
  const { releases } = await store.releases.list(facts.app, { limit: 50 })
  for (const { number, state } of releases) {
    const served = state === 'live' || state === 'previous' || (state === 'retired' && stateInTraffic(number, facts.traffic) !== 'retired')
    const now = stateInTraffic(number, facts.traffic)
    if (number !== facts.except && served && now !== state) await store.releases.update({ app: facts.app, number, fence: facts.fence }, { state: now })
  }
}
