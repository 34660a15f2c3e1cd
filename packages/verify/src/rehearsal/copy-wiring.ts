import { innerAddressesOf, type ResourceAddresses } from '@plimsoll/engine'
import { isPublic, listens, type Address, type AppName, type Environment, type ReleaseNumber } from '@plimsoll/model'
import { copyContext, releaseOf } from './copy-context.ts'
import type { Databases } from './copy-data.ts'
import { layWire, type LaidWire } from './lay-wire.ts'
import type { CopySurroundings, RehearsalParts, Version } from './rehearsal-parts.ts'

export interface CopyWiring {
  readonly app: AppName
  readonly version: Version
  readonly databases: Databases
  readonly keyValues: ResourceAddresses['keyValues']
  /** The first unless given. */
  readonly release?: ReleaseNumber
}

/** The environments of a copy's services: everything in them leads to the copy itself. */
export async function environmentsOf(parts: RehearsalParts, wiring: CopyWiring, signal: AbortSignal): Promise<Readonly<Record<string, Environment>>> {
  return parts.wire(await surroundingsOf(parts, wiring, signal))
}

export async function surroundingsOf(parts: RehearsalParts, { app, version, databases, keyValues, release }: CopyWiring, signal: AbortSignal): Promise<CopySurroundings> {
  const none = copyContext(parts, { app, environments: () => ({}) }, signal)
  const inner = await innerAddressesOf(none, releaseOf(version, version.specs.map(({ service }) => service), release))
  const open = version.specs.filter(({ kind }) => isPublic(kind))
  const publicUrls = await Promise.all(open.map(async ({ service }) => [service, `http://localhost:${await parts.entryPort(app, service)}`] as const))
  return {
    blueprint: version.blueprint, databases,
    services: { ...inner, ...keyValues },
    publicUrls: Object.fromEntries(publicUrls),
    keyValuePasswords: Object.fromEntries(Object.entries(keyValues).flatMap(([name, { password }]) => (password === undefined ? [] : [[name, password]]))),
  }
}

/** Wires between every service and what its environment names, and the environments that lead through them. */
export async function wired(parts: RehearsalParts, version: Version, surroundings: CopySurroundings): Promise<{ readonly wires: readonly LaidWire[]; readonly environments: Readonly<Record<string, Environment>> }> {
  const straight = parts.wire(surroundings)
  if (!parts.sharesLoopback) return { wires: [], environments: straight }
  const all: Readonly<Record<string, Address>> = { ...surroundings.services, ...surroundings.databases }
  const wires: LaidWire[] = []
  const environments: Record<string, Environment> = {}
  for (const { service, kind } of version.specs.filter((spec) => listens(spec.kind) || spec.kind === 'worker')) {
    const named = Object.entries(all).flatMap(([to, target]) => {
      const key = kind === 'keyvalue' || to === service ? undefined : keyThatNames(straight[service] ?? {}, target)
      return key === undefined ? [] : [{ to, key, target }]
    })
    const laid = await Promise.all(named.map(async ({ to, key, target }) => layWire({ from: service, to, key, target })))
    wires.push(...laid)
    const ends = Object.fromEntries(laid.map(({ to, address }) => [to, address]))
    const own = parts.wire({
      ...surroundings,
      services: { ...surroundings.services, ...Object.fromEntries(Object.keys(surroundings.services).flatMap((name) => (ends[name] === undefined ? [] : [[name, ends[name]]]))) },
      databases: Object.fromEntries(Object.entries(surroundings.databases).map(([name, address]) => [name, { ...address, ...ends[name] }])),
    })
    environments[service] = own[service] ?? {}
  }
  return { wires, environments: { ...straight, ...environments } }
}

/** The first variable that leads there: by host and port in one, or by the port alone. */
function keyThatNames(environment: Environment, { host, port }: Address): string | undefined {
  return Object.entries(environment).find(([, { value }]) => value === String(port) || value.includes(`${host}:${port}`))?.[0]
}
