import type { JournalEntry } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../src/store.ts'
import { withTestServer } from '../src/test-server.ts'
import { app, at, beginRelease } from './begin-release.ts'

const server = withTestServer({ beforeAll, afterAll })
const commands = (...services: readonly string[]): object[] => [...services.map((service) => ({ service, preDeployCommand: `migrate ${service}` })), { service: 'web' }]
const started = (step: string): JournalEntry => ({ is: 'started', step, at })
const done = (step: string, gives: Record<string, unknown> = {}): JournalEntry => ({ is: 'done', step, at, gives })

async function past(store: Store, entries: readonly JournalEntry[]): Promise<void> {
  const { release, fence } = await beginRelease(store)
  for (const [at, entry] of entries.entries()) await store.journalOf(app, release.number, fence).append(at + 1, entry)
}

test('tells the pre-deploy commands that releases have begun, oldest first and as their Blueprints have them', async () => {
  const store = await server.openStore()
  // Planned twice, as one that lost its place in between: what it planned last is what it ran.
  await past(store, [done('plan', { specs: commands('old') }), done('plan', { specs: commands('mailer', 'api') }), done('compare', { keeps: {} }), started('migrate'), done('migrate')])
  await past(store, [done('plan', { specs: commands('mailer', 'api') }), done('compare', { keeps: { api: 1 } }), started('migrate'), { is: 'failed', step: 'migrate', at, problem: { code: 'BUG', message: 'no' } }])
  await past(store, [done('plan', { specs: commands('api') }), done('compare', { keeps: {} })])
  await past(store, [done('plan', { specs: commands() }), done('compare', { keeps: {} }), started('migrate')])
  await past(store, [])
  const first = [{ release: 1, service: 'mailer', command: 'migrate mailer' }, { release: 1, service: 'api', command: 'migrate api' }]
  const second = { release: 2, service: 'mailer', command: 'migrate mailer' }
  expect(await store.begunPreDeploys({ app, from: 1 })).toEqual([...first, second])
  expect(await store.begunPreDeploys({ app, from: 2 })).toEqual([second])
  expect(await store.begunPreDeploys({ app, from: 3 })).toEqual([])
})
