import type { Blueprint, BlueprintGroup, BlueprintService, Environment, Surroundings } from '@plimsoll/model'
import type { There } from './there.ts'

/** Follows every reference, as `resolveEnvironments` of the Blueprint's package does. */
export type Resolve = (blueprint: Blueprint, surroundings: Surroundings) => {
  readonly environments: Readonly<Record<string, Environment>>
  readonly missing: readonly { readonly service: string; readonly variable: string; readonly keptAs?: string }[]
}

export interface WantedVariable {
  readonly key: string
  readonly value: string
}

/** What the Blueprint gives a service itself, of which the value is known; what its groups give it is theirs. */
export function ownVariables({ env }: BlueprintService, environment: Environment | undefined): WantedVariable[] {
  return env.flatMap((entry) => {
    const value = entry.is === 'fromGroup' ? undefined : environment?.[entry.key]?.value
    return entry.is === 'fromGroup' || value === undefined ? [] : [{ key: entry.key, value }]
  })
}

/** What the Blueprint gives a group, of which the value is known. */
export function groupVariables({ name, env }: BlueprintGroup, kept: Surroundings['kept']): WantedVariable[] {
  return env.flatMap((entry) => {
    const value = entry.is === 'value' ? entry.value : kept[keyInGroup(name, entry.key)]
    return value === undefined ? [] : [{ key: entry.key, value }]
  })
}

/**
 * What is kept for the app, with what Render has in its place where Plimsoll keeps nothing: `sync: false` values that were set in the dashboard.
 * A generated value that Render has already stays, whoever made it; another one would end every session that it signed.
 */
export function keptThere(blueprint: Blueprint, there: Pick<There, 'services' | 'groups'>, kept: Surroundings['kept']): Surroundings['kept'] {
  const known: Record<string, string> = { ...kept }
  const note = (keptAs: string, is: string, value: string | undefined): void => {
    if (value !== undefined && (is === 'generated' || (is === 'kept' && known[keptAs] === undefined))) known[keptAs] = value
  }
  for (const { name, env } of blueprint.services) {
    const own = there.services.get(name)?.variables
    for (const entry of env) if (entry.is !== 'fromGroup') note(keyInService(name, entry.key), entry.is, own?.get(entry.key))
  }
  for (const { name, env } of blueprint.groups) {
    const own = there.groups.get(name)?.envVars
    for (const entry of env) note(keyInGroup(name, entry.key), entry.is, own?.find(({ key }) => key === entry.key)?.value)
  }
  return known
}

/** As `Surroundings.kept` names them. */
function keyInService(service: string, key: string): string {
  return `${service}/${key}`
}

function keyInGroup(group: string, key: string): string {
  return `group:${group}/${key}`
}
