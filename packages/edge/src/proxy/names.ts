import { lookup as lookupOfSystem, Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import type { Address } from '@plimsoll/model'

/** For how long a resolver is waited for, the first of two times. */
const answerMs = 500

/** Looks up where hosts are. */
export interface Names {
  /** All addresses of a host at this time; none where it has none, or nobody says. Whoever asks while the same is being asked gets that answer. Never rejects. */
  addressesOf(host: string): Promise<readonly string[]>
  /** The same for connections. */
  readonly lookup: LookupFunction
}

/**
 * As the system looks names up, unless a `resolver` is given. A cluster passes on what it does not know to the resolver of its machine, also a name that has left with the instance
 * behind it, and that one may be slow, or away. The system waits there for ten seconds, in one of two threads that all lookups of a process
 * share: two such names, and no other is found either. A resolver that is asked over a socket takes no thread.
 */
export function createNames(resolver?: Address): Names {
  const find = resolver === undefined ? findBySystem : findBy(resolver)
  const asked = new Map<string, Promise<readonly string[]>>()
  const addressesOf = async (host: string): Promise<readonly string[]> => {
    if (isIP(host) !== 0) return [host]
    const asking = asked.get(host) ?? find(host).catch(() => []).finally(() => asked.delete(host))
    asked.set(host, asking)
    return asking
  }
  return {
    addressesOf,
    lookup(host, { all }, tell) {
      void addressesOf(host).then((found) => {
        const [first] = found
        if (first === undefined) return tell(Object.assign(new Error(`${host} is not known`), { code: 'ENOTFOUND' }), [])
        if (all === true) tell(null, found.map((address) => ({ address, family: isIP(address) })))
        else tell(null, first, isIP(first))
      })
    },
  }
}

async function findBySystem(host: string): Promise<readonly string[]> {
  return (await lookupOfSystem(host, { all: true })).map(({ address }) => address)
}

function findBy({ host, port }: Address): (name: string) => Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: answerMs, tries: 2 })
  resolver.setServers([`${host}:${port}`])
  return (name) => resolver.resolve4(name)
}
