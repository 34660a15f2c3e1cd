import { randomBytes } from 'node:crypto'
import type { Edge } from '@plimsoll/engine'
import { withTestServer } from '@plimsoll/store/test-server'
import { switchCheck } from '@plimsoll/verify/rehearse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRehearsalEdge } from '../src/verify/rehearsal-edge.ts'
import { askOnce, type MadeVersion, type RehearsalWorld } from './rehearsal-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const opened = openRehearsalEdge(`t${randomBytes(5).toString('hex')}`, new AbortController().signal)
let edge: Edge
beforeAll(async () => {
  edge = await opened.up
})
afterAll(opened.close)

const items = "create table items (name text not null); insert into items values ('rope')"
const live: MadeVersion = { migrations: [items], routes: { '/items': 'select name from items' }, deploymentId: 'dpl_one' }

test('a switch from what is live to the candidate and back loses nothing, and pages of before are answered by their own release', async () => {
  const candidate = { migrations: [items, 'alter table items add column price int'], routes: { '/items': 'select name, price is null as free from items' }, deploymentId: 'dpl_two' }
  const [verdict] = await ask({ live, candidate })
  expect(verdict).toMatchObject({ is: 'pass', finding: expect.stringMatching(/^\d+ requests, none lost, .* from what is live to the candidate and back$/) })
})

test('a candidate whose migration breaks what still serves loses requests, which are named', async () => {
  const [verdict] = await ask({ live, candidate: { migrations: [items, 'alter table items rename column name to title'], routes: { '/items': 'select title from items' } } })
  expect(verdict).toMatchObject({ is: 'fail', finding: expect.stringContaining('/items of api answered 500') })
})

test('a candidate with nothing before it is switched to itself', async () => {
  const [verdict] = await ask({ candidate: live })
  expect(verdict).toMatchObject({ is: 'pass', finding: expect.stringContaining('from the candidate to itself') })
})

async function ask(world: Pick<RehearsalWorld, 'live' | 'candidate'>) {
  return (await askOnce({ ...world, postgres: server.postgres(), edge }, [{ ...switchCheck(), after: [] }]))['release.switch'] ?? []
}
