import type { Blueprint, BlueprintGroup, BlueprintService, EnvEntry } from '@plimsoll/model'
import type { Phase } from './injected-variables.ts'

export type KeyedEntry = Exclude<EnvEntry, { is: 'fromGroup' }>

/** An entry with who holds it: a service has it itself, or by a group that it links. */
export interface HeldEntry {
  readonly entry: KeyedEntry
  readonly service: BlueprintService
  readonly group?: BlueprintGroup
}

/** KEY → the entry that holds for a service: its own before a group's, a later group's before an earlier one's. */
export function declaredEntries(blueprint: Blueprint, service: BlueprintService, phase: Phase): Map<string, HeldEntry> {
  const declared = new Map<string, HeldEntry>()
  const lists = phase === 'build' ? [service.buildEnv, service.env] : [service.env]
  for (const entries of lists) {
    for (const held of fromGroups(blueprint, service, entries)) declared.set(held.entry.key, held)
    for (const entry of entries) if (entry.is !== 'fromGroup') declared.set(entry.key, { entry, service })
  }
  return declared
}

/** Names of the variables that a service has at build time; empty for a service that is not there. Sorted. */
export function declaredNames(blueprint: Blueprint, name: string): string[] {
  const service = blueprint.services.find((each) => each.name === name)
  return service === undefined ? [] : [...declaredEntries(blueprint, service, 'build').keys()].sort()
}

function fromGroups(blueprint: Blueprint, service: BlueprintService, entries: readonly EnvEntry[]): HeldEntry[] {
  return entries.flatMap((link) => {
    const group = link.is === 'fromGroup' ? blueprint.groups.find(({ name }) => name === link.group) : undefined
    return group === undefined ? [] : group.env.map((entry) => ({ entry, service, group }))
  })
}
