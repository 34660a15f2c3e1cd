import { appNameSchema, isPlimsollError, type Address, type AppName } from '@plimsoll/model'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { clusterClones } from './cluster-clones.ts'

const never = new AbortController().signal
const [from, to] = [appNameSchema.parse('shop'), appNameSchema.parse('shop-next')]

/** A cluster in which nothing is reached; gives what was dialled. */
function stage(known: readonly AppName[]) {
  const dialled: { readonly app: AppName; readonly address: Address }[] = []
  const account = { name: 'records', role: 'shop', password: 'a secret word', database: 'shop' }
  const clones = clusterClones({
    store: { databaseAccounts: { of: async () => [account], settle: async () => account, forget: async () => undefined } },
    reach: async ({ app, name }) => (known.includes(app) ? { host: `${name}.${app}.internal`, port: 5432 } : undefined),
    driver: { async dial(app, address) {
      dialled.push({ app, address })
      throw new Error('nobody is there')
    } },
  })
  return { clones, dialled }
}

test('a clone goes by the networks of both apps, and the ports of the loopback that lead there are shut when it fails', async () => {
  const { clones, dialled } = stage([from, to])
  const error: unknown = await clones.fill({ from, to, name: 'records' }, never).catch((failed: unknown) => failed)
  if (!isPlimsollError(error)) throw error
  expect(error).toMatchObject({ code: 'DATABASE_DOWN', message: expect.stringContaining('records of shop, or that of shop-next') })
  expect(dialled).toContainEqual({ app: to, address: { host: 'records.shop-next.internal', port: 5432 } })
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(String(error.cause))?.[1])
  const [refused] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
  expect(refused.code).toBe('ECONNREFUSED')
})

test('a database that the app does not have is left alone, and nothing is dialled for it', async () => {
  const { clones, dialled } = stage([to])
  await clones.fill({ from, to, name: 'records' }, never)
  expect(dialled).toEqual([])
})
