import type { Artifact, Blueprint, EnvEntry } from '@plimsoll/model'
import { isDeepStrictEqual } from 'node:util'

/** A release of one place: what it was planned from, and what it runs, by service. */
export interface ReleasedThere {
  readonly blueprint: Blueprint
  readonly artifacts: Readonly<Record<string, Pick<Artifact, 'publicValues'>>>
}

/**
 * Addresses that the artifacts of `from` hold and that are others where `to` is live, as `KEY of service`. A Blueprint only names them, and they are known when a release is under way;
 * but what is live there already was built with those of its place, and they stay. Says nothing of one whose reference is not the same in both. Pure.
 */
export function builtInAddresses(from: ReleasedThere, to: ReleasedThere): string[] {
  return from.blueprint.services.flatMap(({ name, env }) => {
    const [built, there] = [from, to].map(({ artifacts }) => artifacts[name]?.publicValues)
    if (built === undefined || there === undefined) return []
    return env.filter(isAddress).filter((entry) => {
      const [here, elsewhere] = [built[entry.key], there[entry.key]]
      return here !== undefined && elsewhere !== undefined && here !== elsewhere && isDeepStrictEqual(withoutPlace(entry), referenceIn(to.blueprint, name, entry.key))
    }).map(({ key }) => `${key} of ${name}`)
  })
}

type Address = Extract<EnvEntry, { is: 'fromService' | 'fromVariable' }>

function isAddress(entry: EnvEntry): entry is Address {
  return entry.is === 'fromService' || entry.is === 'fromVariable'
}

function referenceIn(blueprint: Blueprint, service: string, key: string): Omit<Address, 'at'> | undefined {
  const found = blueprint.services.find(({ name }) => name === service)?.env.filter(isAddress).find((entry) => entry.key === key)
  return found === undefined ? undefined : withoutPlace(found)
}

/** The same reference may stand in another line. */
function withoutPlace(entry: Address): Omit<Address, 'at'> {
  const { at: _, ...reference } = entry
  return reference
}
