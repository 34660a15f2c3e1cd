import type { Blueprint, BlueprintService, Environment, Surroundings, Variable } from '@plimsoll/model'
import { declaredEntries } from './declared-entries.ts'
import { injectedVariables, type Phase } from './injected-variables.ts'
import { resolveEntry, type NoValue, type World } from './resolve-entry.ts'

/** A variable that has no value here, and why. */
export interface MissingValue {
  readonly service: string
  /** The variable, e.g. `STRIPE_KEY`. */
  readonly variable: string
  readonly why: NoValue['why']
  /** Under which `Surroundings.kept` would hold it; only for `kept` and `generated`. */
  readonly keptAs?: string
  /** For people: where the value should have come from. */
  readonly origin: string
  /** Of the entry in the Blueprint's file. */
  readonly line: number
  readonly column: number
}

export interface ResolvedEnvironments {
  /** service name → its environment, for every Service but key-value services. */
  readonly environments: Readonly<Record<string, Environment>>
  /** Everything that has no value, all at once; what is here is in no environment. */
  readonly missing: readonly MissingValue[]
}

/**
 * The environment of each Service, every reference followed, with the origin of each value.
 *
 * A service's own entry beats a group's, a group linked later beats one linked earlier, and both beat what the
 * place injects. With `phase: 'build'`, variables that exist only at run time (`NODE_ENV=production`, `WEB_CONCURRENCY`)
 * are left out, and those of a build source come in; references to private addresses resolve alike in both,
 * because `surroundings` carries addresses that are settled before anything is built.
 * `PORT` is there only if the Blueprint sets it. Pure: the same arguments give the same answer, and nothing throws.
 */
export function resolveEnvironments(blueprint: Blueprint, surroundings: Surroundings, { phase }: { readonly phase: Phase }): ResolvedEnvironments {
  const missing: MissingValue[] = []
  const environments = blueprint.services
    .filter(({ kind }) => kind !== 'keyvalue')
    .map((service): [string, Environment] => {
      const resolved = resolveService({ blueprint, surroundings }, service, phase)
      missing.push(...resolved.missing)
      return [service.name, resolved.environment]
    })
  return { environments: Object.fromEntries(environments), missing }
}

function resolveService(world: World, service: BlueprintService, phase: Phase): { environment: Environment; missing: MissingValue[] } {
  const missing: MissingValue[] = []
  const variables = new Map<string, Variable>()
  for (const [key, value] of injectedVariables(service, world.surroundings, phase)) variables.set(key, { value, origin: 'injected', secret: false })
  for (const [key, held] of declaredEntries(world.blueprint, service, phase)) {
    const found = resolveEntry(world, held, [`${service.name}/${key}`])
    if ('why' in found) {
      missing.push({ ...found, service: service.name, variable: key, ...held.entry.at })
      variables.delete(key)
    } else {
      variables.set(key, found)
    }
  }
  return { environment: Object.fromEntries(variables), missing }
}
