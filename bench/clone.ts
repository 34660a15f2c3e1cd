// Clones a throw-away database as a verification does, and times it: node bench/clone.ts [--check] [--clones N]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseAddress } from '../packages/model/src/model.ts'
import { copyDatabases, startPostgres, stopPostgres } from '../packages/store/src/store.ts'
import { query } from '../packages/store/test/postgres-world.ts'
import { renderBars } from './render-bars.ts'

const asked = process.argv.indexOf('--clones')
const clones = asked === -1 ? 40 : Number(process.argv[asked + 1])
const barMs = 60
const never = new AbortController().signal
const home = await mkdtemp(join(tmpdir(), 'plimsoll-clone-'))
try {
  // As on a user's machine: what is committed is on disk.
  const server = await startPostgres({ home, systemDirectory: `${home}.d` }, never)
  const copies = copyDatabases({ server })
  const template = await copies.make('bench', {}, never)
  await fill(template)
  await copies.sever(template, never)
  const times: number[] = []
  for (let clone = 0; clone < clones; clone += 1) {
    const began = performance.now()
    const copy = await copies.make('bench', { template }, never)
    times.push(performance.now() - began)
    await copies.drop(copy, never)
  }
  const began = performance.now()
  await Promise.all([1, 2, 3, 4].map(async () => copies.make('bench', { template }, never)))
  const four = performance.now() - began
  await copies.dropAll('bench', never)
  times.sort((a, b) => a - b)
  const at = (share: number): number => Math.round(times[Math.floor(times.length * share)] ?? 0)
  const held = at(0.5) <= barMs
  console.log(renderBars([{ what: `${clones} clones of a database of 20 tables and 2000 rows`, bar: `≤ ${barMs} ms in the middle`, measured: `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms; four at once ${Math.round(four)} ms in all`, held }]))
  if (process.argv.includes('--check') && !held) process.exitCode = 1
} finally {
  await stopPostgres({ home }, never)
  await rm(home, { recursive: true, force: true })
  await rm(`${home}.d`, { recursive: true, force: true })
}

async function fill(address: DatabaseAddress): Promise<void> {
  const tables = Array.from({ length: 20 }, (_, table) => `
    create table t${table} (id int generated always as identity primary key, name text not null, at timestamptz not null default now());
    create index on t${table} (at);
    insert into t${table} (name) select 'row ' || n from generate_series(1, 100) n;`)
  await query(address, tables.join(''))
}
