import { appNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { candidates } from './database-accounts.ts'

const first = (app: string, wanted: Parameters<typeof candidates>[1]) => candidates(appNameSchema.parse(app), wanted).next().value

test('names a database after its app and itself', () => {
  expect(first('shop', { name: 'Main DB' })).toEqual({ role: 'shop_main_db', database: 'shop_main_db' })
})

test.each(['plimsoll', 'postgres', 'template1', 'pg_read_all_data', 'Upper', 'a b', 'x"; drop role', '', 'public'])('does not use %j as a name', (name) => {
  expect(first('shop', { name: 'main', databaseName: name, user: name })).toEqual({ role: 'shop_main', database: 'shop_main' })
})

test('stays within 63 bytes and begins with a letter, where PostgreSQL would cut or refuse', () => {
  const { role } = first('9'.repeat(63), { name: 'x'.repeat(100) }) ?? { role: '' }
  expect(role).toMatch(/^app_9{59}$/)
})
