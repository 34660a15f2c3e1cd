import type { Resources } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import type { AppDatabases } from '@plimsoll/store'

interface KeyValues {
  ensure: (...wanted: Parameters<Resources['ensure']>) => Promise<Awaited<ReturnType<Resources['ensure']>>['keyValues']>
  destroy: Resources['destroy']
}

/** Databases and key-value services as one thing to ask. Without an embedded server, only an app that asks for no database can run. */
export function processResources({ databases, keyValues }: { readonly databases: AppDatabases | undefined; readonly keyValues: KeyValues }): Resources {
  return {
    async ensure(app, wanted, signal) {
      if (databases === undefined && wanted.databases.length > 0) {
        throw new PlimsollError('PLACE_CANNOT', `With DATABASE_URL set, Plimsoll runs no PostgreSQL of its own, so it has no place for ${wanted.databases.map(({ name }) => name).join(', ')}`, {
          hint: 'Start Plimsoll without DATABASE_URL to use the embedded server for both.',
        })
      }
      return {
        // An app without databases does not wait for the server to be asked about none.
        databases: wanted.databases.length === 0 ? {} : ((await databases?.ensure(app, wanted.databases, signal)) ?? {}),
        keyValues: await keyValues.ensure(app, wanted, signal),
      }
    },
    async destroy(app, signal) {
      await databases?.drop(app, signal)
      await keyValues.destroy(app, signal)
    },
  }
}
