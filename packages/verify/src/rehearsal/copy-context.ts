import type { EdgeContext, KeptRelease } from '@plimsoll/engine'
import { releaseNumberSchema, type AppName, type Environment } from '@plimsoll/model'
import type { RehearsalParts, Version } from './rehearsal-parts.ts'

/** The release that a copy has, but for one that is raised beside another. */
export const firstRelease = releaseNumberSchema.parse(1)

/** `version` as a release of a copy. */
export function releaseOf({ blueprint, specs, artifacts }: Version, services: readonly string[], release = firstRelease): KeptRelease {
  return { release, blueprint, specs: specs.filter(({ service }) => services.includes(service)), artifacts, keeps: {}, fingerprints: {}, pages: {} }
}

/** What the engine's functions work with in a copy: as for a release, and with nothing that leads to the app itself. */
export function copyContext(parts: RehearsalParts, scope: { readonly app: AppName; readonly environments: () => Readonly<Record<string, Environment>> }, signal: AbortSignal): EdgeContext {
  const { driver, edge, clock, probe, gate, listening, reach, output, source } = parts
  const notHere = async (): Promise<never> => {
    throw new Error('a copy is wired when it is raised')
  }
  return {
    app: scope.app, driver, edge, clock, probe, gate, listening, reach, output, signal,
    release: { app: scope.app, number: firstRelease, kind: 'release', state: 'releasing', source, steps: [], startedAt: new Date(clock.now()).toISOString() },
    fence: 1, checks: [], prover: { prove: notHere }, warmUp: async () => undefined,
    wiring: { understand: notHere, provision: notHere, entries: notHere, environments: async () => scope.environments() },
    memory: { recall: notHere, note: notHere },
  }
}
