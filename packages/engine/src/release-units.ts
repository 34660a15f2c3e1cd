import { listens, unitName, type Address, type Unit, type UnitSpec } from '@plimsoll/model'
import type { RunnableUnit } from './driver.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'

/** The unit that runs `spec` in the release: its own, or the one that it keeps from an earlier release. */
export function unitOf({ app }: Pick<ReleaseContext, 'app'>, spec: UnitSpec, kept: Pick<KeptRelease, 'release' | 'keeps'>): Unit {
  const release = kept.keeps[spec.service] ?? kept.release
  return { name: unitName(app, spec.service, release), service: spec.service, release }
}

/** Where each instance of each listening service of `kept` is, which is what the edge balances over. */
export async function addressesOf(context: ReleaseContext, kept: Pick<KeptRelease, 'release' | 'specs' | 'keeps'>): Promise<Record<string, readonly Address[]>> {
  const addresses: Record<string, readonly Address[]> = {}
  for (const spec of kept.specs.filter((each) => listens(each.kind))) {
    addresses[spec.service] = await context.driver.addresses(context.app, unitOf(context, spec, kept), spec)
  }
  return addresses
}

/** Everything that is needed to run the units of `kept`, wired to each other and to no other release. */
export async function runnableUnits(context: ReleaseContext, kept: KeptRelease): Promise<readonly RunnableUnit[]> {
  const addresses = await innerAddressesOf(context, kept)
  const environments = await context.wiring.environments({ phase: 'run', blueprint: kept.blueprint, addresses }, context.signal)
  return kept.specs.flatMap((spec) => {
    const artifact = kept.artifacts[spec.service]
    if (artifact === undefined) return []
    const environment = Object.entries(environments[spec.service] ?? {}).map(([key, variable]) => [key, variable.value] as const)
    return [{ app: context.app, unit: unitOf(context, spec, kept), spec, artifact, environment: Object.fromEntries(environment) }]
  })
}

/** Where each listening service of `kept` is reached by the other units of the same release. */
export async function innerAddressesOf(context: ReleaseContext, kept: Pick<KeptRelease, 'release' | 'specs' | 'keeps'>): Promise<Record<string, Address>> {
  const addresses: Record<string, Address> = {}
  for (const spec of kept.specs) {
    const address = await context.driver.inner(context.app, unitOf(context, spec, kept), spec)
    if (address !== undefined) addresses[spec.service] = address
  }
  return addresses
}
