import { createHmac, randomBytes } from 'node:crypto'
import type { DatabaseCopies } from '@plimsoll/engine'
import type { DatabaseAddress } from '@plimsoll/model'
import type { EmbeddedPostgres } from '../postgres/start-postgres.ts'
import { asSuperuser, type Superuser } from './as-superuser.ts'
import { scramVerifier } from './scram.ts'

/** What the names of all throw-away databases begin with, and of nothing else: `candidates` of accounts gives no such name. */
export const copyPrefix = 'plimsoll_v_'

const runForm = /^[0-9a-z]{4,32}$/

/** Throw-away databases on the embedded server. Those of one run share a role, which can enter no other database. */
export function copyDatabases({ server }: { readonly server: EmbeddedPostgres }): DatabaseCopies {
  // Passwords of runs are not kept: whoever swept a run that another process began would not need it.
  const key = randomBytes(32)
  const passwordOf = (run: string): string => createHmac('sha256', key).update(run).digest('base64url')
  const alone = async <T>(work: (client: Superuser) => Promise<T>, signal: AbortSignal): Promise<T> => asSuperuser(server, work, signal)
  return {
    make: (run, template, signal) => alone(async (client) => {
      const role = roleOf(run)
      const database = `${role}_${randomBytes(5).toString('hex')}`
      await ensureRole(client, { role, password: passwordOf(run) })
      await client.query(`create database ${client.escapeIdentifier(database)} owner ${client.escapeIdentifier(role)}${template === undefined ? '' : ` template ${client.escapeIdentifier(nameOf(template))}`}`)
      await client.query(`revoke all on database ${client.escapeIdentifier(database)} from public`)
      return { ...server.address, user: role, password: passwordOf(run), database }
    }, signal),
    sever: (copy, signal) => alone(async (client) => {
      await client.query(`alter database ${client.escapeIdentifier(nameOf(copy))} allow_connections false`)
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [copy.database])
      // One that goes on for a moment would keep it from being cloned.
      for (let left = 1; left > 0;) left = (await client.query('select from pg_stat_activity where datname = $1', [copy.database])).rowCount ?? 0
    }, signal),
    restore: (copy, signal) => alone(async (client) => {
      await client.query(`alter database ${client.escapeIdentifier(nameOf(copy))} allow_connections true`)
    }, signal),
    drop: (copy, signal) => alone(async (client) => {
      await client.query(`drop database if exists ${client.escapeIdentifier(nameOf(copy))} with (force)`)
    }, signal),
    dropAll: (run, signal) => alone(async (client) => {
      const role = roleOf(run)
      const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [`${role}_`])
      for (const { datname } of rows) await client.query(`drop database if exists ${client.escapeIdentifier(datname)} with (force)`)
      await client.query(`drop role if exists ${client.escapeIdentifier(role)}`)
    }, signal),
  }
}

function roleOf(run: string): string {
  if (!runForm.test(run)) throw new Error(`"${run}" cannot name a run`)
  return `${copyPrefix}${run}`
}

/** Refuses every database that was not made here, whatever hands it in. */
function nameOf({ database }: DatabaseAddress): string {
  if (database.startsWith(copyPrefix)) return database
  throw new Error(`${database} is no throw-away database`)
}

async function ensureRole(client: Superuser, { role, password }: { readonly role: string; readonly password: string }): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
  if (rowCount !== 0) return
  // Two at once: the advisory lock of whoever works as superuser keeps them apart.
  await client.query(`create role ${client.escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(scramVerifier(password))}`)
}
