import { appNameSchema } from '@plimsoll/model'
import { openStore } from '../src/store.ts'
import { testKeys } from '../src/test-server.ts'

/** Takes a lease and keeps it until it is killed. */
const [connection = '{}', app = ''] = process.argv.slice(2)
const store = await openStore({ connection: JSON.parse(connection), keys: testKeys })
const lease = await store.leases.acquire(appNameSchema.parse(app), { holder: 'a process that will be killed', waitMs: 0 }, new AbortController().signal)
process.send?.({ fence: lease.fence })
