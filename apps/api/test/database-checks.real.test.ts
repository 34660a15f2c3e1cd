import { fakeEdge } from '@plimsoll/engine/fakes'
import { withTestServer } from '@plimsoll/store/test-server'
import { databaseChecks } from '@plimsoll/verify/rehearse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askOnce, liveShop } from './rehearsal-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const { items, routes } = liveShop

test('a column that the live release reads and the migration renames fails with its cause, and says what may still be done', async () => {
  const candidate = { migrations: [items, 'alter table items rename column name to title'], routes: { '/items': 'select id, title from items' } }
  const others = ['database.migrate-twice', 'database.two-migrators', 'database.drift']
  const checks = databaseChecks().filter(({ id }) => !others.includes(id))
  const answers = await askOnce({ postgres: server.postgres(), edge: fakeEdge(), live: { migrations: [items], routes }, candidate }, checks)
  expect(answers['database.shape']).toMatchObject([{ is: 'fail', weight: 'advice', finding: expect.stringContaining('column public.items.name is renamed to title') }])
  expect(answers['database.old-on-new']).toContainEqual(expect.objectContaining({
    is: 'fail', service: 'api', finding: "On the new schema the live release's api answers 500 to /items, because column public.items.name is renamed to title", hint: expect.stringContaining('--pause'),
  }))
  expect(answers['database.new-writes-old-reads']).toMatchObject([{ is: 'skipped', because: 'database.old-on-new' }])
})
