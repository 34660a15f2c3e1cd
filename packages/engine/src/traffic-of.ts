import { isPublic, listens, type Entry, type ReleaseTraffic, type Target, type UnitSpec } from '@plimsoll/model'
import { addressesOf, unitOf } from './release-units.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'

/** A task of a cluster can be announced a second or more before it is reached: it is asked often, and costs little. */
const checkMs = 500

/** How the edge sees the units of `kept`: running instances, or files of a static site. */
export async function trafficOf(context: ReleaseContext, kept: KeptRelease): Promise<ReleaseTraffic> {
  const addresses = await addressesOf(context, kept)
  const targets: Record<string, Target> = {}
  const deploymentIds: Record<string, string> = {}
  for (const spec of kept.specs) {
    const target = targetOf(context, { kept, spec, addresses: addresses[spec.service] ?? [] })
    if (target !== undefined) targets[spec.service] = target
    const id = kept.artifacts[spec.service]?.deploymentId
    if (id !== undefined) deploymentIds[spec.service] = id
  }
  const closed = Object.fromEntries(kept.specs.flatMap(({ service, maintenance }) => (maintenance !== undefined && service in targets ? [[service, maintenance]] : [])))
  return { release: kept.release, targets, deploymentIds, ...(Object.keys(closed).length > 0 && { closed }) }
}

interface TargetFacts {
  readonly kept: KeptRelease
  readonly spec: UnitSpec
  readonly addresses: readonly { host: string; port: number }[]
}

function targetOf(context: ReleaseContext, { kept, spec, addresses }: TargetFacts): Target | undefined {
  const unit = unitOf(context, spec, kept).name
  if (spec.kind === 'static' && spec.staticSite !== undefined) {
    const files = kept.artifacts[spec.service]?.files
    return files === undefined ? undefined : { kind: 'files', unit, root: `${files}/${spec.staticSite.publishPath}`, site: spec.staticSite }
  }
  if (!isPublic(spec.kind) || !listens(spec.kind) || addresses.length === 0) return undefined
  const name = context.driver.together?.(context.app, unitOf(context, spec, kept))
  const check = { everyMs: checkMs, ...(spec.healthCheckPath !== undefined && { path: spec.healthCheckPath }), ...(name !== undefined && { name }) }
  return { kind: 'instances', unit, addresses: [...addresses], ...(context.driver.can.scatters === true && { check }) }
}

/** The entries of exactly those services that have a target: the edge opens no port for what cannot answer. */
export function entriesFor(entries: Readonly<Record<string, Entry>>, traffic: ReleaseTraffic): Record<string, Entry> {
  return Object.fromEntries(Object.entries(entries).filter(([service]) => service in traffic.targets))
}
