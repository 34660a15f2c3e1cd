import { settledIn, type BackInPlaceContext, type InPlaceContext, type Platform } from '@plimsoll/engine'
import { noteRelease } from './changes/note-release.ts'
import type { PlacedServices } from './services.ts'
import type { Walk } from './way.ts'

type Scope = Walk & { readonly signal: AbortSignal }

/** What the steps of going back in place work with. */
export function backInPlaceContextOf(services: PlacedServices, platform: Platform, scope: Scope): BackInPlaceContext {
  const { app } = scope.release
  return {
    ...inPlaceContextOf(services, platform, scope),
    recall: async (release) => settledIn(await services.store.journalOf(app, release, scope.fence).read(), { app, release }),
  }
}

/** What the steps of a release in place work with, for as long as `signal` allows. */
export function inPlaceContextOf(services: PlacedServices, platform: Platform, { release, fence, wiring, signal }: Scope): InPlaceContext {
  const { clock, prover, publicChecks, hub, secrets } = services
  const live = async () => (await services.store.releases.list(release.app, { limit: 50 })).releases.find(({ state }) => state === 'live')?.number ?? null
  return {
    app: release.app, release, fence, signal, clock, prover, publicChecks,
    memory: { live, note: async (environments) => noteRelease(services, { release, fence, comparison: { before: await live(), environments } }, signal) },
    // Around its verbs stands by now what asks for the lease.
    platform: services.platform ?? platform,
    // It settles its addresses itself: no port of this machine is one of them.
    wiring: { understand: wiring.understand, entries: async () => ({}) },
    output: (line) => hub.line(release.app, release.number, { ...line, release: release.number, text: secrets.redact(line.text) }),
  }
}
