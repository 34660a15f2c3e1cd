import { randomBytes } from 'node:crypto'
import { generateValue, resolveEnvironments, unitSpecs } from '@plimsoll/blueprint'
import type { Blueprint, Environment, Source } from '@plimsoll/model'
import type { CopySurroundings, KnownSecret } from '@plimsoll/verify/rehearse'
import { basename } from 'node:path'
import { blueprintFor, serverActionsKey, withServerActionsKey } from '../wiring.ts'

export interface RehearsalWiring {
  /** The environment of each service of a copy. */
  readonly wire: (surroundings: CopySurroundings) => Readonly<Record<string, Environment>>
  /** The environments of a copy that is nowhere, to see what is in them. */
  readonly environments: Readonly<Record<string, Environment>>
  /** What copies are given in place of the app's own secrets. */
  readonly canaries: readonly KnownSecret[]
}

/** Stands for every address while there is no copy: what is declared is there, and leads nowhere. */
function nowhere({ services, databases }: Blueprint): Omit<CopySurroundings, 'blueprint'> {
  const address = { host: '127.0.0.1', port: 9 }
  const names = services.map(({ name }) => name)
  return {
    services: Object.fromEntries(names.map((name) => [name, address])),
    publicUrls: Object.fromEntries(names.map((name) => [name, `http://localhost:${address.port}`])),
    databases: Object.fromEntries(databases.map(({ name }) => [name, { ...address, user: 'nobody', password: 'none', database: 'nowhere' }])),
    keyValuePasswords: {},
  }
}

/**
 * Wires copies of an app. Whatever is kept for the app — generated once, or set by a person — is a canary in them: a value that is made for this
 * verification and is nowhere else, of the form that a generated one has. But for the key of Server Actions: builds have it in them.
 */
export function rehearsalWiring({ blueprint, source, actionsKey }: { readonly blueprint: string; readonly source: Source; readonly actionsKey: string }): RehearsalWiring {
  const canaryOf = new Map<string, string>()
  const canary = (key: string): string => {
    const value = canaryOf.get(key) ?? generateValue(randomBytes)
    canaryOf.set(key, value)
    return value
  }
  const wire = (surroundings: CopySurroundings): Record<string, Environment> => {
    const parsed = blueprintFor(source, surroundings.blueprint)
    const given = { ...surroundings, git: { commit: source.commit, branch: source.branch, slug: basename(source.root) } }
    const resolve = (): ReturnType<typeof resolveEnvironments> => resolveEnvironments(parsed, { ...given, kept: Object.fromEntries(canaryOf) }, { phase: 'run' })
    for (const { keptAs } of resolve().missing) if (keptAs !== undefined) canary(keptAs)
    return withServerActionsKey(resolve().environments, unitSpecs(parsed), { [serverActionsKey]: actionsKey })
  }
  const environments = wire({ blueprint, ...nowhere(blueprintFor(source, blueprint)) })
  return { wire, environments, canaries: canariesIn(blueprintFor(source, blueprint), environments, new Set(canaryOf.values())) }
}

function canariesIn({ services }: Blueprint, environments: Readonly<Record<string, Environment>>, values: ReadonlySet<string>): KnownSecret[] {
  return services.flatMap(({ name }) => Object.entries(environments[name] ?? {}).flatMap(([key, { value }]) => (values.has(value) ? [{ service: name, key, value }] : [])))
}
