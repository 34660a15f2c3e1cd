import type { JournalEntry, ReleaseNote } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withTestServer } from '../src/test-server.ts'
import { app, at, beginRelease, never } from './begin-release.ts'

const server = withTestServer({ beforeAll, afterAll })
const started: JournalEntry = { is: 'started', step: 'plan', at }
const done: JournalEntry = { is: 'done', step: 'plan', at, gives: { changes: 3 } }

test('keeps entries in the order of their numbers, across stores', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  await journal.append(1, started)
  await journal.append(2, done)
  expect(await store.journalOf(app, release.number, 0).read()).toEqual([started, done])
})

test('refuses a number that is taken', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  await journal.append(1, started)
  await expect(journal.append(1, done)).rejects.toMatchObject({ code: 'FENCED_OFF' })
  expect(await journal.read()).toEqual([started])
})

test('lets one of two appenders at the same moment win', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const journals = [1, 2, 3, 4].map(() => store.journalOf(app, release.number, fence))
  const outcomes = await Promise.allSettled(journals.map((journal) => journal.append(1, started)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(outcomes.filter(({ status }) => status === 'rejected').map((it) => it.status === 'rejected' && it.reason.code)).toEqual(Array(3).fill('FENCED_OFF'))
})

test('refuses an append under a fence that was passed', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const late = store.journalOf(app, release.number, fence)
  await late.append(1, started)
  const next = await store.leases.acquire(app, { holder: 'the next', waitMs: 0 }, never)
  await expect(late.append(2, done)).rejects.toMatchObject({ code: 'FENCED_OFF', details: { fence, currentFence: next.fence, holder: 'the next' } })
  await next.release()
})

test('refuses a gap as a bug', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  await expect(store.journalOf(app, release.number, fence).append(2, started)).rejects.toThrow('would leave a gap')
})

test('keeps an entry whose text PostgreSQL would refuse', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  await journal.append(1, { is: 'failed', step: 'build', at, problem: { code: 'BUILD_FAILED', message: 'odd \0 bytes \uD83D and "\\u0000"' } })
  expect(await journal.read()).toMatchObject([{ problem: { message: 'odd \uFFFD bytes \uFFFD and "\\u0000"' } }])
})

test('keeps what was noted of a release, and takes no note from whoever was passed', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const key = { app, release: release.number, fence }
  const note: ReleaseNote = { before: null, key: 'k', environments: { web: { A: { origin: 'value', mark: 'm' } } }, commits: { is: 'not known', why: 'Nothing was live before it' } }
  expect(await store.releaseNotes.find(app, release.number)).toBeUndefined()
  await store.releaseNotes.put(key, { ...note, key: 'older' })
  await store.releaseNotes.put(key, note)
  await expect(store.releaseNotes.put({ ...key, fence: fence + 1 }, { ...note, key: 'foreign' })).rejects.toMatchObject({ code: 'FENCED_OFF' })
  expect(await store.releaseNotes.find(app, release.number)).toEqual(note)
})
