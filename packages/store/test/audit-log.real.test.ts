import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'

const server = withTestServer({ beforeAll, afterAll })

test.each(["update plimsoll.audit_log set who_name = 'somebody'", 'delete from plimsoll.audit_log', 'truncate plimsoll.audit_log'])('the database refuses what would change the audit log: %s', async (statement) => {
  const connection = await server.freshDatabase()
  const store = await openStore({ connection, keys: testKeys })
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await store.auditLog.add({ at: '2026-11-27T12:00:00.000Z', request: 'r1', who: { kind: 'user', id: 'u1', name: 'Ada' }, action: 'rollBack', app: 'shop', outcome: 'allowed', code: null, details: { to: 3 }, address: '127.0.0.1' })
    await expect(client.query(statement)).rejects.toThrow('only ever added to')
    expect(await store.auditLog.page({ before: undefined, app: undefined, limit: 10 })).toMatchObject({ entries: [{ who: { name: 'Ada' }, action: 'rollBack', details: { to: 3 } }], next: null })
  } finally {
    await client.end()
    await store.close()
  }
})
