import type { CopyServers } from '@plimsoll/drivers/docker'
import type { DatabaseCopies } from '@plimsoll/engine'
import type { Address } from '@plimsoll/model'
import { copyDatabases } from '@plimsoll/store'

/** Throw-away databases on servers that are as short-lived: one for each run, and for each version of PostgreSQL that it wants. */
export function copiesOnServers(servers: CopyServers): DatabaseCopies {
  const opened = new Map<string, Promise<Opened>>()
  const openOnce = async (run: string, majorVersion: string | undefined, signal: AbortSignal): Promise<Opened> => {
    const key = JSON.stringify([run, majorVersion])
    const known = opened.get(key)
    if (known !== undefined) return known
    const opening = open(servers, { run, majorVersion }, signal)
    opened.set(key, opening)
    // The next one tries again: what failed may have been given up by whoever asked first.
    opening.catch(() => opened.delete(key))
    return opening
  }
  const serverOf = async (of: Address): Promise<Opened | undefined> => {
    const all = (await Promise.allSettled(opened.values())).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    return all.find(({ address: { host, port } }) => host === of.host && port === of.port)
  }
  const copiesOf = async (of: Address): Promise<DatabaseCopies> => {
    const server = await serverOf(of)
    if (server === undefined) throw new Error(`${of.host}:${of.port} is no server of throw-away databases`)
    return server.copies
  }
  return {
    async make(run, wanted, signal) {
      const copies = wanted.template === undefined ? (await openOnce(run, wanted.majorVersion, signal)).copies : await copiesOf(wanted.template)
      return copies.make(run, wanted, signal)
    },
    sever: async (copy, signal) => (await copiesOf(copy)).sever(copy, signal),
    restore: async (copy, signal) => (await copiesOf(copy)).restore(copy, signal),
    // What was on a server is gone with it.
    drop: async (copy, signal) => (await serverOf(copy))?.copies.drop(copy, signal),
    async dropAll(run, signal) {
      const own = [...opened].filter(([key]) => key.startsWith(JSON.stringify([run]).slice(0, -1)))
      await Promise.allSettled(own.map(async ([, opening]) => opening))
      for (const [key] of own) opened.delete(key)
      await servers.remove(run, signal)
    },
  }
}

interface Opened {
  readonly address: Address
  readonly copies: DatabaseCopies
}

async function open(servers: CopyServers, { run, majorVersion }: { readonly run: string; readonly majorVersion: string | undefined }, signal: AbortSignal): Promise<Opened> {
  const { address, superuser } = await servers.open(run, majorVersion, signal)
  return { address, copies: copyDatabases({ server: { address, connectionTo: (database) => ({ ...superuser, database }) } }) }
}
