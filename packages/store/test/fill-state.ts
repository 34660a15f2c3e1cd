import { verificationSchema, type JournalEntry, type Release, type Verdict } from '@plimsoll/model'
import pg from 'pg'
import type { Connection } from '../src/store.ts'

/** Of one app: its newest release is the live one. */
export interface AppSize {
  readonly name: string
  /** The directory that it is released from. */
  readonly root: string
  readonly releases: number
  readonly verifications: number
}

export interface Filling {
  readonly connection: Connection
  readonly apps: readonly AppSize[]
  /** What each release has in its journal, in order. */
  readonly entries: readonly JournalEntry[]
  /** Checks of a verification, each with 20 answers. */
  readonly checks: number
  readonly auditLines: number
  readonly people: number
}

/** Writes what a Plimsoll would have written in years, by the server itself and in seconds, into a state that is empty and that nobody else uses. */
export async function fillState({ connection, apps, entries, checks, auditLines, people }: Filling): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    // Neither told to watchers nor held against other tables, row by row: that alone would take minutes.
    await client.query('set session_replication_role = replica; set synchronous_commit = off')
    await client.query('create temporary table given as select * from jsonb_to_recordset($1) as it (name text, root text, releases integer, verifications integer)', [JSON.stringify(apps)])
    await client.query("insert into plimsoll.apps (name, root, blueprint, entries, created_at, place) select name, root, 'render.yaml', '{}', now() - interval '2 years', 'process' from given")
    await client.query('insert into plimsoll.counters (app, fence, last_release) select name, 1, releases from given')
    await fillReleases(client, new Set(entries.map(({ step }) => step)))
    await fillJournals(client, entries)
    await fillVerifications(client, checks)
    await fillPeople(client, { auditLines, people })
    // As it is once the server has had time for itself.
    await client.query('reset session_replication_role')
    await client.query('vacuum (analyze)')
  } finally {
    await client.end()
  }
}

/** Two hours apart, one in forty failed, the newest live since now. */
async function fillReleases(client: pg.Client, steps: ReadonlySet<string>): Promise<void> {
  const source: Omit<Release['source'], 'root'> = { blueprint: 'render.yaml', commit: '9'.repeat(40), branch: 'main', subject: 'Let customers keep a cart for 30 days', committedAt: '2026-11-27T09:00:00.000Z', dirty: false }
  const undone: Release['outcome'] = { is: 'undone', at: 'verify', problem: { code: 'CHECKS_FAILED', message: '1 of 14 checks failed: the page /cart of web answers with status 500' } }
  const labels = [...steps].map((name) => ({ name, title: `What ${name} does, in words` }))
  await client.query(`
    insert into plimsoll.releases (app, number, kind, state, source, steps, started_at, ended_at, outcome)
    select name, number, 'release', case when number = releases then 'live' when number % 40 = 0 then 'undone' else 'retired' end, $1::jsonb || jsonb_build_object('root', root), $2::jsonb,
      now() - (releases - number) * interval '2 hours' - interval '2 minutes', now() - (releases - number) * interval '2 hours' - interval '1 minute',
      case when number % 40 = 0 and number <> releases then $3::jsonb else '{"is": "completed"}' end
    from given, generate_series(1, releases) as number`, [JSON.stringify(source), JSON.stringify(labels), JSON.stringify(undone)])
}

const iso = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

async function fillJournals(client: pg.Client, entries: readonly JournalEntry[]): Promise<void> {
  await client.query('create temporary table written as select ordinality::integer as seq, entry from jsonb_array_elements($1) with ordinality as it (entry, ordinality)', [JSON.stringify(entries)])
  await client.query(`
    insert into plimsoll.journal (app, release, seq, fence, entry)
    select app, number, seq, 1, entry || jsonb_build_object('at', to_char(started_at at time zone 'UTC' + seq * interval '1 second', ${iso}))
    from plimsoll.releases, written order by app, number, seq`)
}

async function fillVerifications(client: pg.Client, checks: number): Promise<void> {
  const at = '2026-11-27T10:00:00.000Z'
  const record = verificationSchema.parse({
    version: 1, id: 'v', app: 'shop', place: 'process', source: { root: '/srv/shop', blueprint: 'render.yaml', commit: '9'.repeat(40), dirty: false }, blueprint: `sha256:${'a'.repeat(64)}`, state: 'passed', startedAt: at, endedAt: at, artifacts: [], seed: 1, directory: '/srv/shop',
    checks: Array.from({ length: checks }, (_, index) => ({ id: `web.pages.${index}`, title: 'Every page is there', concern: 'web', startedAt: at, tookMs: 900, after: [], verdicts: goodVerdicts(20) })),
    coverage: { total: { lines: 8_000, covered: 7_000 }, files: Array.from({ length: checks * 8 }, (_, index) => ({ file: `apps/web/src/app/part-${index}/page.tsx`, lines: 80, covered: 70 })) },
  })
  await client.query(`
    insert into plimsoll.verifications (id, app, place, state, started_at, copies, record)
    select id, name, 'process', 'passed', began, 2, $1::jsonb || jsonb_build_object('id', id, 'app', name, 'startedAt', to_char(began at time zone 'UTC', ${iso}))
    from (select name, 'v' || replace(name, '-', '') || 'x' || lpad(number::text, 6, '0') as id, now() - (verifications - number) * interval '3 hours' as began from given, generate_series(1, verifications) as number) as it`, [JSON.stringify(record)])
}

async function fillPeople(client: pg.Client, { auditLines, people }: { readonly auditLines: number; readonly people: number }): Promise<void> {
  await client.query(`insert into plimsoll.users (id, name, name_key, password_hash, grants, created_at) select 'u' || n, 'Person ' || n, 'person ' || n, 'none', '[{"app": "*", "role": "viewer"}]', now() from generate_series(1, $1) as n`, [people])
  await client.query(`insert into plimsoll.tokens (id, hash, name, grants, user_id, created_at, ends_at) select 't' || n, 'h' || n, 'CI ' || n, '[{"app": "*", "role": "releaser"}]', 'u' || n, now(), now() + interval '90 days' from generate_series(1, $1) as n`, [people])
  await client.query(`insert into plimsoll.sessions (hash, user_id, started_at, seen_at, ends_at) select 's' || n, 'u' || (1 + n % $1), now(), now(), now() + interval '1 day' from generate_series(1, $1 * 20) as n`, [people])
  await client.query(`
    insert into plimsoll.audit_log (at, request, who_kind, who_id, who_name, action, app, outcome, code, details, address)
    select now() - n * interval '5 minutes', gen_random_uuid(), 'user', 'u1', 'Person 1', 'startRelease', names[1 + n % array_length(names, 1)], 'allowed', null, '{"source": {"sent": "9999", "blueprint": "render.yaml"}}', '10.0.0.7'
    from generate_series(1, $1) as n, (select array_agg(name order by name) as names from given) as them`, [auditLines])
}

/** As a check of many pages gives them. */
export function goodVerdicts(count: number): Verdict[] {
  return Array.from({ length: count }, (_, index) => ({ check: `web.pages.${index}`, is: 'pass', finding: `/products/${index} answers 200 with a page of 18 kB, and its pictures and scripts are there`, tookMs: 20 + index }))
}
