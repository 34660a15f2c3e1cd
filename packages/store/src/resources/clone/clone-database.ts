import { isDeepStrictEqual } from 'node:util'
import { PlimsollError, type DatabaseAddress } from '@plimsoll/model'
import pg from 'pg'
import { describe, explained } from '../../state/pool.ts'
import { copyRows } from './copy-rows.ts'
import { objectsIn, type SchemaObject } from './objects-in.ts'

export interface WantedClone {
  /** The database that is cloned, by the account of its own app: from it is only read. */
  readonly from: DatabaseAddress
  /** The one that is filled, by the account that everything in it is to belong to. Neither is a superuser's: what defaults and expressions call runs here. */
  readonly to: DatabaseAddress
  /** What it is, for people. */
  readonly name: string
}

/** What stands at a database that is a clone. */
const mark = 'filled by Plimsoll with what another database held'

/**
 * Fills an empty database with the schema and the rows of another one, as they were at one moment. The other one serves on meanwhile. All of it is one transaction, with
 * the mark that it was done: killed at any moment, nothing is there, and after it nothing is done again. One that holds something else is left as it is.
 * Gives the number of rows; undefined where nothing was done. Throws `NOT_CLONABLE` for what cannot be made anew, so that a clone is never less than it
 * looks; `DATABASE_DOWN`, `DISK_FULL`.
 */
export async function cloneDatabase(wanted: WantedClone, signal: AbortSignal): Promise<number | undefined> {
  const work = (): Promise<number | undefined> => connected(wanted.to, (to) => connected(wanted.from, (from) => fill(wanted, { from, to }, signal)))
  return explained(describe(wanted.from), work, signal)
}

interface Ends {
  readonly from: pg.Client
  readonly to: pg.Client
}

async function fill(wanted: WantedClone, { from, to }: Ends, signal: AbortSignal): Promise<number | undefined> {
  await to.query('begin')
  // Two at once: the second one waits, and sees that it was done.
  await to.query("select pg_advisory_xact_lock(hashtextextended('plimsoll:clone', 0))")
  if (!(await isEmpty(to))) return undefined
  await from.query('begin transaction isolation level repeatable read, read only')
  for (const client of [from, to]) await client.query("set local search_path = ''; set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local timezone = 'UTC'; set local extra_float_digits = 3; set local bytea_output = 'hex'; set local check_function_bodies = off; set local row_security = off")
  const objects = { first: await objectsIn(from, 'first'), before: await objectsIn(from, 'before rows'), after: await objectsIn(from, 'after rows') }
  refuseUnknown(wanted, Object.values(objects).flat())
  await make(wanted, to, objects.first)
  await make(wanted, to, objects.before)
  // Triggers and foreign keys come afterwards: nothing that is written fires one, or has to wait for what it points to.
  const rows = await copyRows({ from, to }, signal).catch((error: unknown) => { throw isRefused(error) ? notClonable(wanted.name, error.message) : error })
  await make(wanted, to, objects.after)
  await refuseDifferent(wanted, to, objects)
  await to.query(`comment on database ${to.escapeIdentifier(to.database ?? '')} is ${to.escapeLiteral(mark)}`)
  signal.throwIfAborted()
  await to.query('commit')
  await from.query('commit')
  await to.query('analyze')
  return rows
}

async function isEmpty(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ free: boolean }>(`select coalesce(shobj_description(d.oid, 'pg_database') <> $1, true)
    and not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema') as free from pg_database d where d.datname = current_database()`, [mark])
  return rows[0]?.free === true
}

/** In whichever order they can be made: what needs something that is not there yet is tried again after the others. */
async function make({ name }: WantedClone, client: pg.Client, objects: readonly SchemaObject[]): Promise<void> {
  for (let left = objects; left.length > 0;) {
    const failed: { readonly object: SchemaObject; readonly why: string }[] = []
    for (const object of left) {
      const why = await whyNotMade(client, object)
      if (why !== undefined) failed.push({ object, why })
    }
    const [first] = failed
    if (failed.length === left.length && first !== undefined) throw notClonable(name, `the ${first.object.kind} ${first.object.name} cannot be made anew: ${first.why}`)
    left = failed.map(({ object }) => object)
  }
}

/** Makes it, or leaves the transaction as it was. */
async function whyNotMade(client: pg.Client, { statement }: SchemaObject): Promise<string | undefined> {
  await client.query('savepoint plimsoll_object')
  try {
    await client.query(statement ?? '')
    await client.query('release savepoint plimsoll_object')
    return undefined
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    await client.query('rollback to savepoint plimsoll_object')
    return error.message
  }
}

function refuseUnknown({ name }: WantedClone, objects: readonly SchemaObject[]): void {
  const unknown = objects.filter(({ statement }) => statement === null).map((object) => `${object.kind} ${object.name}`)
  if (unknown.length > 0) throw notClonable(name, `it holds what Plimsoll cannot make anew: ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? `, and ${unknown.length - 5} more` : ''}`)
}

/** A clone that lacks something would make a pull request look broken, or right. */
async function refuseDifferent({ name }: WantedClone, client: pg.Client, { first, before, after }: Record<'first' | 'before' | 'after', readonly SchemaObject[]>): Promise<void> {
  const made = [...(await objectsIn(client, 'first')), ...(await objectsIn(client, 'before rows')), ...(await objectsIn(client, 'after rows'))]
  const texts = (objects: readonly SchemaObject[]): string[] => objects.map(({ kind, statement, name: called }) => `${kind} ${called}: ${statement}`).toSorted()
  const [wanted, got] = [texts([...first, ...before, ...after]), texts(made)]
  if (isDeepStrictEqual(wanted, got)) return
  const odd = wanted.find((text) => !got.includes(text)) ?? got.find((text) => !wanted.includes(text)) ?? ''
  throw notClonable(name, `what was made differs from what it holds: ${odd.slice(0, 200)}`)
}

/** What the server does not allow (rows that are kept from their own owner, say) or cannot read anew; not that it is away or full. */
function isRefused(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^(?:0A|22|23|42)/.test(error.code ?? '')
}

function notClonable(name: string, why: string): PlimsollError {
  return new PlimsollError('NOT_CLONABLE', `The database ${name} cannot be cloned: ${why}`, { hint: 'Let previews begin with an empty database: plimsoll preview settings --data empty' })
}

async function connected<T>(address: DatabaseAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...address, connectionTimeoutMillis: 5_000, application_name: 'plimsoll-clone' })
  client.on('error', () => undefined) // The query under way rejects with the same.
  await client.connect()
  try {
    return await work(client)
  } finally {
    // What was not committed is taken back with the connection.
    await client.end().catch(() => undefined) // Broken already, which `work` has reported.
  }
}
