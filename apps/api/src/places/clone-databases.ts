import type { DatabaseClones } from '@plimsoll/engine'
import type { Address, AppName, DatabaseAddress } from '@plimsoll/model'
import { cloneDatabase, type Store } from '@plimsoll/store'

export interface CloningParts {
  readonly store: Pick<Store, 'databaseAccounts'>
  /** Where Plimsoll reaches the database of an app; undefined for one that is not there. */
  readonly reach: (which: { readonly app: AppName; readonly name: string }, signal: AbortSignal) => Promise<Address | undefined>
}

/** From one database to another by the accounts of the two apps: neither may do more in this than it may do anyway. */
export function cloneDatabases({ store, reach }: CloningParts): DatabaseClones {
  const addressOf = async (app: AppName, name: string, signal: AbortSignal): Promise<DatabaseAddress | undefined> => { // oxlint-disable-line max-params -- a signal is the last parameter of everything that waits
    const account = (await store.databaseAccounts.of(app)).find((each) => each.name === name)
    const at = account && (await reach({ app, name }, signal))
    return at && { ...at, user: account.role, password: account.password, database: account.database }
  }
  return {
    async fill({ from, to, name }, signal) {
      const [there, here] = [await addressOf(from, name, signal), await addressOf(to, name, signal)]
      if (there !== undefined && here !== undefined) await cloneDatabase({ from: there, to: here, name }, signal)
    },
  }
}
