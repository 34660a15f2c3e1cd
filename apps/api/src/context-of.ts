import { type EdgeContext, type Journal, type Wiring } from '@plimsoll/engine'
import type { Release } from '@plimsoll/model'
import { noteRelease } from './changes/note-release.ts'
import { buildFor } from './promoted-build.ts'
import { recallRelease } from './recall-release.ts'
import type { PlacedServices, Services } from './services.ts'
import { createWiring } from './wiring.ts'

/** What the steps of `release` work with, for as long as `signal` allows. */
export function contextOf(services: PlacedServices, scope: { readonly release: Release; readonly fence: number; readonly signal: AbortSignal; readonly wiring?: Wiring }): EdgeContext {
  const { driver, edge, clock, prover, gate, listening, reach, store, hub, secrets } = services
  const { release } = scope
  const { probe, checks, warmUp } = services.askersOf?.(release.app) ?? services
  return {
    ...scope, app: release.app, driver: { ...driver, build: buildFor(services, release.source, driver.build) }, edge, clock, probe, prover, checks, gate, warmUp, listening, reach,
    wiring: scope.wiring ?? createWiring(services, release.app, release.source),
    memory: {
      recall: (number) => recallRelease(store, { app: release.app, release: number }),
      note: async (comparison) => noteRelease(services, { release, fence: scope.fence, comparison }, scope.signal),
    },
    output: (line) => hub.line(release.app, release.number, { ...line, text: secrets.redact(line.text) }),
  }
}

/** Secrets leave by no other door: what a step gives holds none, and a problem is cleaned before it is written. */
export function redacting({ secrets }: Services, journal: Journal): Journal {
  return {
    read: () => journal.read(),
    append: (seq, entry) => journal.append(seq, 'problem' in entry ? { ...entry, problem: secrets.redactAll(entry.problem) } : entry),
  }
}
