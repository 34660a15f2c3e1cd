import type { Blueprint, BlueprintService, Surroundings, Variable } from '@plimsoll/model'
import { declaredEntries, type HeldEntry, type KeyedEntry } from './declared-entries.ts'
import { keptKeyOfGroup, keptKeyOfService } from './generated-values.ts'
import { injectedVariables } from './injected-variables.ts'
import { carriesPassword, looksSecret } from './looks-secret.ts'
import { portOf, resolveDatabase, resolveProperty, type NoAddress } from './resolve-address.ts'

export interface World {
  readonly blueprint: Blueprint
  readonly surroundings: Surroundings
}

/** Why there is no value: nobody gave one, none was made, nobody knows the address, or the references form a circle. */
export type NoValue = NoAddress | { readonly why: 'kept' | 'generated'; readonly origin: string; readonly keptAs: string } | { readonly why: 'cycle'; readonly origin: string }

/** The value of one entry. `trail` holds the variables on the way here, to notice a circle. */
export function resolveEntry(world: World, held: HeldEntry, trail: readonly string[]): Variable | NoValue {
  const { entry, group } = held
  const by = group === undefined ? '' : `group "${group.name}"`
  switch (entry.is) {
    case 'value':
      return { value: entry.value, origin: by || 'value', secret: looksSecret(entry.key) || carriesPassword(entry.value) }
    case 'generated':
      return keptValue(world, held, by ? `${by}, generated` : 'generated')
    case 'kept':
      return keptValue(world, held, by ? `${by}, plimsoll env set` : 'plimsoll env set')
    case 'fromDatabase':
      return resolveDatabase(world.blueprint, world.surroundings, entry)
    case 'fromService':
      return resolveProperty(world.surroundings, entry)
    case 'fromVariable':
      return resolveVariable(world, entry, trail)
  }
}

function keptValue({ surroundings: { kept } }: World, { entry, service, group }: HeldEntry, origin: string): Variable | NoValue {
  const keptAs = group === undefined ? keptKeyOfService(service.name, entry.key) : keptKeyOfGroup(group.name, entry.key)
  const value = Object.hasOwn(kept, keptAs) ? kept[keptAs] : undefined
  if (value !== undefined) return { value, origin, secret: true }
  return { keptAs, why: entry.is === 'generated' ? 'generated' : 'kept', origin }
}

type ToVariable = Extract<KeyedEntry, { is: 'fromVariable' }>

/** Follows to the target's own variable, as that is at run time, also while something is being built. */
function resolveVariable(world: World, entry: ToVariable, trail: readonly string[]): Variable | NoValue {
  const origin = `fromService ${entry.service} ${entry.variable}`
  const step = `${entry.service}/${entry.variable}`
  if (trail.includes(step)) return { why: 'cycle', origin: [...trail, step].join(' → ') }
  const target = world.blueprint.services.find(({ name }) => name === entry.service)
  if (target === undefined) return { why: 'address', origin }
  const declared = declaredEntries(world.blueprint, target, 'run').get(entry.variable)
  if (declared === undefined) {
    const value = injectedValue(world.surroundings, target, entry.variable)
    return value === undefined ? { why: 'address', origin } : { value, origin, secret: false }
  }
  const found = resolveEntry(world, declared, [...trail, step])
  return 'why' in found ? found : { ...found, origin, secret: found.secret || looksSecret(entry.key) }
}

function injectedValue(surroundings: Surroundings, target: BlueprintService, variable: string): string | undefined {
  return variable === 'PORT' ? portOf(surroundings, target) : injectedVariables(target, surroundings, 'run').get(variable)
}
