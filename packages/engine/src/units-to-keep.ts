import { listens, takesWork, type Environment, type ReleaseNumber, type UnitSpec } from '@plimsoll/model'
import type { KeptRelease, ReleaseContext } from './release-context.ts'
import { innerAddressesOf, unitOf } from './release-units.ts'

interface Comparison {
  /** The release that is being made, without what it keeps. */
  readonly now: Omit<KeptRelease, 'keeps' | 'fingerprints' | 'pages'>
  readonly live: KeptRelease
  /** Services that differ between them. */
  readonly changed: readonly string[]
}

/**
 * Which services go on in the units that run already: those that nothing of theirs has changed for, that run well, and that
 * reach other services at the same addresses as before. A unit is wired to the units of its own release and to no other, so a
 * service that reaches one that is started anew is started anew too.
 */
export async function unitsToKeep(context: ReleaseContext, { now, live, changed }: Comparison): Promise<Record<string, ReleaseNumber>> {
  const unchanged = now.specs.filter(({ service, kind }) => (listens(kind) || takesWork(kind)) && !changed.includes(service))
  const well = await Promise.all(unchanged.map(async (spec) => ((await runsWell(context, spec, live)) ? [unitOf(context, spec, live)] : [])))
  let keeps: Record<string, ReleaseNumber> = Object.fromEntries(well.flat().map(({ service, release }) => [service, release]))
  const before = await environmentsAt(context, { ...live, blueprint: now.blueprint })
  // To start one service anew can move an address that another knows, and so on.
  for (;;) {
    const after = await environmentsAt(context, { ...now, keeps })
    const still = Object.entries(keeps).filter(([service]) => sameValues(before[service], after[service]))
    if (still.length === Object.keys(keeps).length) return keeps
    keeps = Object.fromEntries(still)
  }
}

async function environmentsAt(context: ReleaseContext, kept: Pick<KeptRelease, 'release' | 'specs' | 'keeps' | 'blueprint'>): Promise<Readonly<Record<string, Environment>>> {
  const addresses = await innerAddressesOf(context, kept)
  return context.wiring.environments({ phase: 'run', blueprint: kept.blueprint, addresses }, context.signal)
}

function sameValues(one: Environment = {}, other: Environment = {}): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => one[name]?.value === other[name]?.value)
}

/** Every instance is up and none ever fell over: what limps gets a new start from a release. */
async function runsWell(context: ReleaseContext, spec: UnitSpec, kept: KeptRelease): Promise<boolean> {
  const { name } = unitOf(context, spec, kept)
  const instances = (await context.driver.observe(context.app, context.signal)).filter(({ unit }) => unit.name === name)
  return instances.length === spec.instances && instances.every(({ state, restarts }) => state === 'running' && restarts === 0)
}
