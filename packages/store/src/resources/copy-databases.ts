import { createHmac, randomBytes } from 'node:crypto'
import type { DatabaseCopies } from '@plimsoll/engine'
import type { Address, DatabaseAddress } from '@plimsoll/model'
import { asSuperuser, type Superuser, type SuperuserServer } from './as-superuser.ts'
import { scramVerifier } from './scram.ts'

/** What the names of all throw-away databases begin with, and of nothing else: `candidates` of accounts gives no such name. */
export const copyPrefix = 'plimsoll_v_'

const runForm = /^[0-9a-z]{4,32}$/

/** A server of PostgreSQL, and where applications reach it. */
export interface CopyServer extends SuperuserServer {
  readonly address: Address
}

/** Throw-away databases on one server. Those of one run share a role, which can enter no other database. */
export function copyDatabases({ server }: { readonly server: CopyServer }): DatabaseCopies {
  // Passwords of runs are not kept: whoever swept a run that another process began would not need it.
  const key = randomBytes(32)
  const passwordOf = (run: string): string => createHmac('sha256', key).update(run).digest('base64url')
  const alone = async <T>(work: (client: Superuser) => Promise<T>, signal: AbortSignal): Promise<T> => asSuperuser(server, work, signal)
  return {
    async make(run, { template }, signal) {
      const [role, from] = [roleOf(run), template && nameOf(template)]
      const database = `${role}_${randomBytes(5).toString('hex')}`
      await alone(async (client) => {
        await ensureRole(client, { role, password: passwordOf(run) })
        await client.query(`create database ${client.escapeIdentifier(database)} owner ${client.escapeIdentifier(role)}${from === undefined ? '' : ` template ${client.escapeIdentifier(from)}`}`)
        await client.query(`revoke all on database ${client.escapeIdentifier(database)} from public`)
      }, signal)
      return { ...server.address, user: role, password: passwordOf(run), database }
    },
    async sever(copy, signal) {
      const name = nameOf(copy)
      await alone(async (client) => {
        await client.query(`alter database ${client.escapeIdentifier(name)} allow_connections false`)
        // One that goes on for a moment would keep it from being cloned, and one that was just coming in is not there to be ended yet.
        for (let left = 1; left > 0;) {
          signal.throwIfAborted()
          left = (await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])).rowCount ?? 0
        }
      }, signal)
    },
    async restore(copy, signal) {
      const name = nameOf(copy)
      await alone(async (client) => client.query(`alter database ${client.escapeIdentifier(name)} allow_connections true`), signal)
    },
    async drop(copy, signal) {
      const name = nameOf(copy)
      await alone(async (client) => client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`), signal)
    },
    async dropAll(run, signal) {
      const role = roleOf(run)
      await alone(async (client) => {
        const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [`${role}_`])
        for (const { datname } of rows) await client.query(`drop database if exists ${client.escapeIdentifier(datname)} with (force)`)
        await client.query(`drop role if exists ${client.escapeIdentifier(role)}`)
      }, signal)
    },
  }
}

/** Before anybody connects: what is refused is a mistake of ours, and no trouble of the database. */
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
