import { setImmediate as turn } from 'node:timers/promises'
import type { JournalEntry, ReleaseNumber } from '@plimsoll/model'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'
import { app, at, beginRelease, never } from './begin-release.ts'
import { postgresWorld, query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })
let store: Store
beforeEach(async () => {
  store = await server.openStore()
})

const entry = (step: string): JournalEntry => ({ is: 'started', step, at })

test('yields what was written and what is written, each once and in order, from where the watcher was', async () => {
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  for (const seq of [1, 2, 3]) await journal.append(seq, entry(`s${seq}`))
  const seen = watch(release.number, { after: 1, upTo: 5 })
  await journal.append(4, entry('s4'))
  await journal.append(5, entry('s5'))
  expect(await seen).toEqual([2, 3, 4, 5].map((seq) => ({ seq, entry: entry(`s${seq}`) })))
})

test('gives every one of many watchers every entry of a fast writer', async () => {
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  const watchers = Array.from({ length: 10 }, () => watch(release.number, { upTo: 200 }))
  for (let seq = 1; seq <= 200; seq += 1) await journal.append(seq, entry(`s${seq}`))
  const expected = Array.from({ length: 200 }, (_, index) => index + 1)
  for (const watcher of watchers) expect((await watcher).map(({ seq }) => seq)).toEqual(expected)
})

test('loses and repeats nothing when its connection is cut while entries are written', async () => {
  const { release, fence } = await beginRelease(store)
  const journal = store.journalOf(app, release.number, fence)
  const seen = watch(release.number, { upTo: 60 })
  const { connection } = server.postgres()
  for (let seq = 1; seq <= 60; seq += 1) {
    if (seq % 20 === 10) await query(connection, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'plimsoll-watch'")
    await journal.append(seq, entry(`s${seq}`))
  }
  expect((await seen).map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
})

test('goes on after the database was killed and started again, and so does the rest of the store', async () => {
  const world = await postgresWorld()
  const first = await world.start({ durable: true })
  store = await openStore({ connection: first.connection, keys: testKeys })
  const { release, fence } = await beginRelease(store)
  await store.journalOf(app, release.number, fence).append(1, entry('before'))
  const seen = watch(release.number, { upTo: 2 })
  process.kill(first.pid, 'SIGKILL')
  await expect(untilItFails()).rejects.toMatchObject({ code: 'DATABASE_DOWN', hint: expect.stringContaining('by itself') })
  await world.start({ durable: true })
  await store.journalOf(app, release.number, fence).append(2, entry('after'))
  expect((await seen).map(({ seq }) => seq)).toEqual([1, 2])
  await store.close()
  expect(await world.end()).toEqual([])
})

test('ends when the store is closed, at whatever moment of its connecting', async () => {
  const { release } = await beginRelease(store)
  const { connection } = server.postgres()
  for (let turns = 0; turns < 60; turns += 3) {
    const closing = await openStore({ connection, keys: testKeys })
    const seen: unknown[] = []
    const ended = (async () => {
      for await (const one of closing.watchJournal({ app, release: release.number, after: 0 }, never)) seen.push(one)
    })()
    for (let taken = 0; taken < turns; taken += 1) await turn()
    await closing.close()
    await ended
    expect(seen).toEqual([])
  }
})

test('ends when its signal fires, and when the store is closed', async () => {
  const { release } = await beginRelease(store)
  const stop = new AbortController()
  const first = watch(release.number, { upTo: 1, signal: stop.signal })
  const second = watch(release.number, { upTo: 1 })
  stop.abort()
  expect(await first).toEqual([])
  await store.close()
  expect(await second).toEqual([])
})

/** Collects `upTo - after` entries, or fewer if the watch ends before. */
async function watch(release: ReleaseNumber, { after = 0, upTo, signal = never }: { readonly after?: number; readonly upTo: number; readonly signal?: AbortSignal }) {
  const seen = []
  for await (const numbered of store.watchJournal({ app, release, after }, signal)) {
    seen.push(numbered)
    if (numbered.seq === upTo) break
  }
  return seen
}

/** The death of a killed server reaches its clients a moment later. */
async function untilItFails(): Promise<never> {
  for (;;) await store.apps.list()
}
