import type { Address, ReleaseTraffic } from '@plimsoll/model'
import type { Probe } from '../probe.ts'
import type { KeptRelease } from '../release-context.ts'

/** One Service of one Release as a watch sees it: where it is, and what it can be asked without changing anything. */
export interface WatchedUnit {
  readonly service: string
  readonly unit: string
  /** None for a static site: the edge answers for it. */
  readonly addresses: readonly Address[]
  readonly healthPath: string | undefined
  /** Paths that answered well when it was warmed up. */
  readonly pages: readonly string[]
}

/** The services that the edge sends requests to. */
export function watchedUnits(traffic: ReleaseTraffic, kept: Pick<KeptRelease, 'specs' | 'pages'>): WatchedUnit[] {
  return Object.entries(traffic.targets).map(([service, target]) => ({
    service, unit: target.unit,
    addresses: target.kind === 'instances' ? target.addresses : [],
    healthPath: kept.specs.find((spec) => spec.service === service)?.healthCheckPath,
    pages: kept.pages[service] ?? [],
  }))
}

const timeoutMs = 2_000

/** Why `path` does not answer well, on the first of the unit's instances where it does not; undefined when it does. A page may say 404: what it shows can be gone. */
export async function faultOf(probe: Probe, { unit, path, withinMs = timeoutMs }: { readonly unit: WatchedUnit; readonly path: string; readonly withinMs?: number }, signal: AbortSignal): Promise<string | undefined> {
  const faults = await Promise.all(unit.addresses.map(async (address) => {
    const answer = await probe.http({ address, path, timeoutMs: withinMs }, signal)
    if (answer.is === 'healthy' || (answer.is === 'unhealthy' && answer.status < 500 && path !== unit.healthPath)) return undefined
    return `GET ${path} ${answer.is === 'unhealthy' ? `answers ${answer.status}` : `gets no answer (${answer.reason})`}`
  }))
  return faults.find((fault) => fault !== undefined)
}

/** As {@link faultOf}, of the health path; of the port, where the Blueprint names none. */
export async function illnessOf(probe: Probe, unit: WatchedUnit, signal: AbortSignal): Promise<string | undefined> {
  if (unit.healthPath !== undefined) return faultOf(probe, { unit, path: unit.healthPath }, signal)
  const answers = await Promise.all(unit.addresses.map((address) => probe.tcp({ address, timeoutMs }, signal)))
  const refused = answers.find(({ is }) => is === 'unreachable')
  return refused?.is === 'unreachable' ? `its port does not answer (${refused.reason})` : undefined
}
