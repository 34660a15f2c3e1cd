import { listens, unitName, type Address, type ReleaseNumber, type Unit, type UnitSpec } from '@plimsoll/model'
import type { RunnableUnit } from './driver.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'

/** The unit that runs `spec` in `release`. */
export function unitOf(context: Pick<ReleaseContext, 'app'>, spec: UnitSpec, release: ReleaseNumber): Unit {
  return { name: unitName(context.app, spec.service, release), service: spec.service, release }
}

/** Where each instance of each listening service of `kept` is, which is what the edge balances over. */
export async function addressesOf(context: ReleaseContext, kept: Pick<KeptRelease, 'release' | 'specs'>): Promise<Record<string, readonly Address[]>> {
  const addresses: Record<string, readonly Address[]> = {}
  for (const spec of kept.specs.filter((each) => listens(each.kind))) {
    addresses[spec.service] = await context.driver.addresses(context.app, unitOf(context, spec, kept.release), spec)
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
    return [{ app: context.app, unit: unitOf(context, spec, kept.release), spec, artifact, environment: Object.fromEntries(environment) }]
  })
}

/** Where each listening service of `kept` is reached by the other units of the same release. */
async function innerAddressesOf(context: ReleaseContext, kept: Pick<KeptRelease, 'release' | 'specs'>): Promise<Record<string, Address>> {
  const addresses: Record<string, Address> = {}
  for (const spec of kept.specs) {
    const address = await context.driver.inner(context.app, unitOf(context, spec, kept.release), spec)
    if (address !== undefined) addresses[spec.service] = address
  }
  return addresses
}
