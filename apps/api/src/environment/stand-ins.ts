import { resolveEnvironments, type MissingValue } from '@plimsoll/blueprint'
import type { Blueprint, Surroundings } from '@plimsoll/model'

/** A variable whose value is kept, or comes from one that is. */
export type Asked = Pick<MissingValue, 'service' | 'variable' | 'why'> & { readonly keptAs: string }

/** Every variable of a Blueprint that a kept value decides: what is missing where nothing is kept. One that builds and runs have alike comes twice. */
export function askedOf(blueprint: Blueprint): Asked[] {
  const found = (['run', 'build'] as const).flatMap((phase) => resolveEnvironments(blueprint, standIns(blueprint, []), { phase }).missing)
  return found.flatMap(({ service, variable, why, keptAs }) => (keptAs === undefined ? [] : [{ service, variable, why, keptAs }]))
}

/** A place in which all is there, and nothing is real. */
export function standIns({ services, databases }: Blueprint, kept: readonly string[]): Surroundings {
  const of = <T>(named: readonly { readonly name: string }[], value: T): Record<string, T> => Object.fromEntries(named.map(({ name }) => [name, value]))
  const address = { host: 'host', port: 1 }
  return {
    services: of(services, address), publicUrls: of(services, 'http://host'), databases: of(databases, { ...address, user: 'user', password: 'password', database: 'database' }),
    keyValuePasswords: {}, kept: Object.fromEntries(kept.map((key) => [key, ''])), git: { commit: 'commit', branch: 'branch', slug: 'slug' },
  }
}
