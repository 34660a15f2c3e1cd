import { appNameSchema, type JournalEntry, releaseNumberSchema } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, type Store } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'
import { app, at, beginRelease, never } from './begin-release.ts'
import { countScans, forgetScans } from './count-scans.ts'
import { fillState } from './fill-state.ts'
import { query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })

const steps = ['plan', 'build', 'compare', 'verify', 'shift-traffic', 'retire-previous']
const entries: JournalEntry[] = [
  ...steps.flatMap((step): JournalEntry[] => [{ is: 'started', step, at }, { is: 'done', step, at, gives: step === 'retire-previous' ? { cutRequests: 0 } : {} }]),
  ...Array.from({ length: 12 }, (): JournalEntry => ({ is: 'started', step: 'provision', at })),
]

/** Everything that lists, shows or measures asks these, and nothing else, of what grows with each release. */
async function askEverything(store: Store): Promise<void> {
  const shop = appNameSchema.parse('app-3')
  const one = releaseNumberSchema.parse(30)
  const all = await store.apps.list()
  const keys = all.map(({ name }) => ({ app: name, release: one }))
  await store.releases.list(shop, { limit: 30 })
  await store.releases.list(shop, { limit: 30, before: one })
  await store.releases.find(shop, one)
  expect(await store.manyReleases.find(keys)).toHaveLength(10)
  const names = all.map(({ name }) => name)
  expect((await store.manyReleases.findAndLast(keys, names)).map(({ number }) => number).sort()).toEqual([...names.map(() => 30), ...names.map(() => 60)])
  expect(await store.manyReleases.findAndLast(names.map((app) => ({ app, release: releaseNumberSchema.parse(60) })), names)).toHaveLength(10)
  expect((await store.manyReleases.stepsOf(keys, ['build']))({ app: shop, release: one })).toHaveLength(2)
  expect(await store.releases.tally()).toContainEqual({ app: shop, kind: 'release', outcome: 'completed', count: 59 })
  expect(await store.endedReleases({ app: shop, from: 41, limit: 200 })).toHaveLength(20)
  expect(await store.begunPreDeploys({ app: shop, from: one })).toEqual([])
  expect(await store.historyOf(shop, 500)).toHaveLength(60)
  expect(await store.readJournal({ app: shop, release: one, after: 20 })).toHaveLength(4)
  const { next } = await store.verifications.page(shop, { limit: 10 })
  expect((await store.verifications.page(shop, { limit: 10, before: next ?? '' })).verifications).toHaveLength(10)
  expect(await store.verifications.lastCoverage(shop)).toEqual({ lines: 8_000, covered: 7_000 })
  expect(await store.verifications.open()).toEqual([])
  await store.auditLog.page({ before: 1_500, app: shop, limit: 50 })
  // Of one that is hardly in it: else the newest lines are looked through, which is right where most are the app's own.
  expect((await store.auditLog.page({ before: undefined, app: 'rare', limit: 50 })).entries).toEqual([])
  await store.auditLog.page({ before: undefined, app: undefined, limit: 50 })
  await store.sessions.find('s7', at)
}

test('whatever is asked, no table that grows with each release is read from its first row to its last', async () => {
  const connection = await server.freshDatabase()
  await (await openStore({ connection, keys: testKeys })).close()
  const apps = Array.from({ length: 10 }, (_, index) => ({ name: `app-${index}`, root: `/srv/${index}`, releases: 60, verifications: 30 }))
  await fillState({ connection, apps, entries, checks: 2, auditLines: 3_000, people: 100 })
  await forgetScans(connection)
  const store = await openStore({ connection, keys: testKeys })
  await askEverything(store)
  await store.close()
  const { whole, byIndex } = await countScans(connection)
  expect(whole).toMatchObject({ releases: 0, journal: 0, verifications: 0, audit_log: 0, sessions: 0 })
  const used = Object.entries(byIndex).filter(([, count]) => count > 0).map(([name]) => name)
  expect(used).toEqual(expect.arrayContaining(['releases_pkey', 'releases_by_ending', 'journal_pkey', 'journal_of_measures', 'journal_of_pre_deploys', 'verifications_of_app', 'verifications_measured', 'audit_log_of_app', 'audit_log_pkey', 'sessions_pkey']))
})

test('two hundred watchers get every entry once and in order, over a handful of connections, and read the journal as one', async () => {
  const connection = await server.freshDatabase()
  const store = await openStore({ connection, keys: testKeys })
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  const count = 700
  const go = Promise.withResolvers<void>()
  const watch = async (pause?: Promise<void>): Promise<number[]> => {
    const seen: number[] = []
    for await (const { seq } of store.watchJournal({ app, release: release.number, after: 0 }, never)) {
      seen.push(seq)
      if (seq === count) break
      await pause
    }
    return seen
  }
  await forgetScans(connection)
  const watchers = Array.from({ length: 200 }, () => watch())
  // Has read one entry, and no more until all were written: by then the others have long let go of the next.
  const slow = watch(go.promise)
  for (let seq = 1; seq <= count; seq += 1) await journal.append(seq, { is: 'started', step: `s${seq}`, at })
  const expected = Array.from({ length: count }, (_, index) => index + 1)
  for (const watcher of watchers) expect(await watcher).toEqual(expected)
  const connections = await query<{ count: number }>(connection, "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name like 'plimsoll%'")
  expect(connections[0]?.count).toBeLessThanOrEqual(10)
  go.resolve()
  expect(await slow).toEqual(expected)
  await store.close()
  // Each entry that is written is looked for by the next one, and read for all watchers together: not two hundred times.
  expect((await countScans(connection)).byIndex['journal_pkey']).toBeLessThan(count * 4)
})
