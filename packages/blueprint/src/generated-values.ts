import type { Blueprint } from '@plimsoll/model'

/** Under which a value of a service is kept: `<service>/<KEY>`. */
export function keptKeyOfService(service: string, key: string): string {
  return `${service}/${key}`
}

/** Under which a value of a group is kept: `group:<group>/<KEY>`. */
export function keptKeyOfGroup(group: string, key: string): string {
  return `group:${group}/${key}`
}

/**
 * The keys of all `generateValue: true`, as `Surroundings.kept` names them, without repetition.
 * Whoever keeps the values makes one for each key that has none yet, and never again.
 */
export function valuesToGenerate(blueprint: Blueprint): string[] {
  const keys = new Set<string>()
  for (const { name, env, buildEnv } of blueprint.services) {
    for (const entry of [...buildEnv, ...env]) if (entry.is === 'generated') keys.add(keptKeyOfService(name, entry.key))
  }
  for (const { name, env } of blueprint.groups) {
    for (const entry of env) if (entry.is === 'generated') keys.add(keptKeyOfGroup(name, entry.key))
  }
  return [...keys]
}

/**
 * A new value for `generateValue: true`: base64 of 256 bits, as Render makes them.
 * `randomBytes` must be cryptographic (`node:crypto` has one); every call gives another value.
 */
export function generateValue(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(32)).toString('base64')
}
