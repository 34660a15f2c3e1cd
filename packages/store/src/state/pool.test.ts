import { expect, test } from 'vitest'
import { describe as describeConnection } from './pool.ts'

test.each([
  [{ connectionString: 'postgresql://ada:geheim@db.example:6543/state?sslmode=require' }, 'db.example:6543/state'],
  [{ connectionString: 'postgres://ada:geheim@db.example/state' }, 'db.example:5432/state'],
  [{ connectionString: 'not a url geheim' }, 'DATABASE_URL'],
  [{ host: '/run/plimsoll', port: 15432, database: 'plimsoll' }, '/run/plimsoll:15432/plimsoll'],
])('says where a database is and never how to get in', (connection, text) => {
  expect(describeConnection(connection)).toBe(text)
})
