import { fakeEdge } from '@plimsoll/engine/fakes'
import { withTestServer } from '@plimsoll/store/test-server'
import { connectionsCheck, type RehearsalCheck } from '@plimsoll/verify/rehearse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askOnce, liveShop, type Answers } from './rehearsal-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })

/** What the other checks do: asks /items of the shared copy, one after the other. */
const asksItems = (times: number): RehearsalCheck => ({
  id: 'test.asks-items', title: 'Asks', concern: 'services', limitMs: 30_000,
  async ask(rehearsal, signal) {
    const { units: [unit] } = await rehearsal.shared(signal)
    const [address] = unit?.addresses ?? []
    for (let asked = 0; asked < times; asked += 1) await fetch(`http://${address?.host}:${address?.port}/items`, { signal })
    return [{ is: 'pass', finding: 'asked' }]
  },
})

/** One that waits for nobody gives up after 2 s. */
const items = (each: string): string => `async (text) => {
  pool.options.connectionTimeoutMillis = 2_000
  if (!text.includes('items')) return pool.query(text)
  ${each}
}`

async function ask(querying: string | undefined, times: number): Promise<Answers[string] | undefined> {
  const candidate = { migrations: [liveShop.items], routes: liveShop.routes, ...(querying !== undefined && { querying }) }
  const answers = await askOnce({ postgres: server.postgres(), edge: fakeEdge(), candidate }, [asksItems(times), { ...connectionsCheck(), after: ['test.asks-items'] }])
  return answers['database.connections']
}

test('connections that are given back pass, however often they were taken', async () => {
  expect(await ask(undefined, 30)).toMatchObject([{ service: 'api', is: 'pass' }])
})

test('connections that are never given back are told from a service that hangs, with the operation that keeps them', async () => {
  const kept = await ask(items('return (await pool.connect()).query(text)'), 10)
  expect(kept).toMatchObject([{
    service: 'api', is: 'fail', reproduce: expect.stringContaining('/items'), evidence: [{ text: 'GET /items: 6 after 6' }],
    finding: expect.stringMatching(/^api takes connections and does not give them back, at GET \/items: after all that it was asked, \/\w+ .+ while 10 connections do nothing; a fresh copy answers it in \d+ ms$/),
  }])
})

test('what hangs for another reason is not blamed on connections', async () => {
  const asked = 'globalThis.asked = (globalThis.asked ?? 0) + 1\n  if (globalThis.asked > 10) await pool.query("select pg_sleep(10)")\n  return pool.query(text)'
  expect(await ask(items(asked), 10)).toMatchObject([{ is: 'pass' }])
})

test('a transaction that is left open is shown by its last statement', async () => {
  const left = await ask(items("const client = await pool.connect()\n  await client.query('begin')\n  return client.query(text).finally(() => client.release())"), 3)
  expect(left).toContainEqual(expect.objectContaining({ is: 'fail', finding: expect.stringMatching(/left open.*select id, name, state from items/) }))
})
