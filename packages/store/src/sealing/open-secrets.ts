import { randomBytes } from 'node:crypto'
import { isPlimsollError, PlimsollError, toProblem, type Rotated, type SecretsStatus, type StartedOver } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { codeOf } from '../postgres/code-of.ts'
import type { Tables } from '../state/tables.ts'
import type { KeySource, SecretKeys } from './key-source.ts'
import { resealAll, type Resealing } from './reseal.ts'
import { newSecretKey, type SecretKey } from './secret-key.ts'
import { sealedTables } from './sealed-tables.ts'
import { createVault, foreignKeyViolation, type Vault } from './vault.ts'

/** The keys of what is secret. */
export interface Secrets {
  status(): Promise<SecretsStatus>
  /**
   * Makes a new key, seals everything with it while all else goes on, and drops the keys that seal nothing any more. Ended anywhere and asked
   * again it finishes what it began; two at once are one. Throws `SECRETS_LOCKED`, and `USAGE` where somebody else looks after the keys.
   */
  rotate(): Promise<Rotated>
  /** Gives up what no key opens, for good, and goes on with a key that there is, or a new one. Throws `SECRETS_LOCKED` for a key that is there and cannot be used. */
  startOver(): Promise<StartedOver>
}

interface Parts {
  readonly db: Kysely<Tables>
  readonly source: KeySource
  /** For tests: see {@link Resealing}. */
  readonly resealing?: Pick<Resealing, 'batch' | 'afterBatch'>
}

/**
 * Reads the keys, makes the first one where nothing was ever sealed, and seals what is in plain or under an old key. Keys that are missing or
 * cannot be used are no reason to throw: what needs none goes on, and whoever needs one is told. They are looked for again at every use.
 */
export async function openSecrets(parts: Parts): Promise<Secrets & { readonly vault: Vault }> {
  const keeper = new KeyKeeper(parts)
  await keeper.keys().catch(unlessLocked)
  return {
    vault: keeper.vault,
    status: async () => statusOf(parts, await keeper.keys().catch(unlessLocked)),
    rotate: () => keeper.rotate(),
    startOver: () => keeper.startOver(),
  }
}

/** Holds the keys that are in use. */
class KeyKeeper {
  readonly vault = createVault(async () => [...(await this.keys()), ...this.#dropped])
  readonly #parts: Parts
  #keys: SecretKeys | undefined
  /** Still open what somebody has read from the database before it was sealed anew. */
  #dropped: readonly SecretKey[] = []
  #opening: Promise<SecretKeys> | undefined
  #rotating: Promise<Rotated> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async keys(): Promise<SecretKeys> {
    return this.#keys ?? (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)))
  }

  rotate(): Promise<Rotated> {
    return (this.#rotating ??= this.#rotate().finally(() => (this.#rotating = undefined)))
  }

  async startOver(): Promise<StartedOver> {
    const { db, source } = this.#parts
    const keys = (await source.read()) ?? (await source.file?.settle([newSecretKey()]))
    if (keys === undefined) throw givenElsewhere(source.from)
    await know(db, keys[0].id)
    this.#keys = keys
    const given = await giveUp(db, keys)
    await this.#settle(keys)
    return { current: keys[0].id, ...given }
  }

  async #open(): Promise<SecretKeys> {
    const keys = await readKeys(this.#parts)
    this.#keys = keys
    await this.#settle(keys)
    return this.#keys
  }

  async #rotate(): Promise<Rotated> {
    const { db, source: { file, from } } = this.#parts
    const keys = await this.keys()
    const [current] = keys
    if (file === undefined) throw givenElsewhere(from)
    if (keys.length > 1) return { current: current.id, made: false, ...(await this.#settle(keys)) }
    const made = newSecretKey()
    // On the disk before anything is sealed with it.
    await file.replace([made, current])
    await know(db, made.id)
    this.#keys = [made, current]
    return { current: made.id, made: true, ...(await this.#settle(this.#keys)) }
  }

  /** Everything under the first key, and the others gone: first their lines, which the database refuses while one of them seals something, then they themselves. */
  async #settle(keys: SecretKeys): Promise<Settled> {
    const { db, source, resealing } = this.#parts
    const [current, ...others] = keys
    const { sealed, unopened } = await resealAll({ db, vault: this.vault, current, ...resealing })
    const dropped = await dropUnused(db, current)
    const needed = new Set((await db.selectFrom('plimsoll.secret_keys').select('id').execute()).map(({ id }) => id))
    const left = others.filter(({ id }) => needed.has(id))
    if (left.length < others.length) {
      await source.file?.replace([current, ...left])
      this.#dropped = [...this.#dropped, ...others.filter(({ id }) => !needed.has(id))]
      this.#keys = [current, ...left]
    }
    return { sealed, unopened, dropped }
  }
}

type Settled = Pick<Rotated, 'sealed' | 'unopened' | 'dropped'>

async function readKeys({ db, source }: Parts): Promise<SecretKeys> {
  const known = (await db.selectFrom('plimsoll.secret_keys').select('id').execute()).map(({ id }) => id)
  const keys = (await source.read()) ?? (known.length === 0 ? await source.file?.settle([newSecretKey()]) : undefined)
  if (keys === undefined) throw isGone(source.from)
  // Other keys than those that sealed: with one of them current, half of the secrets would soon be lost with each of two keys.
  if (known.length > 0 && !keys.some(({ id }) => known.includes(id))) throw isAnother(source.from, known)
  await know(db, keys[0].id)
  return keys
}

function unlessLocked(error: unknown): PlimsollError {
  if (isPlimsollError(error) && error.code === 'SECRETS_LOCKED') return error
  throw error
}

/** Keys that seal nothing any more. One that a writer is about to seal something with, which it took before there was a newer one, stays until the next time. */
async function dropUnused(db: Kysely<Tables>, current: SecretKey): Promise<string[]> {
  const unused = sql.join(sealedTables.map(({ table }) => sql`not exists (select from ${sql.table(`plimsoll.${table}`)} as sealed where sealed.key_id = secret_keys.id)`), sql` and `)
  try {
    const { rows } = await sql<{ id: string }>`delete from plimsoll.secret_keys where id <> ${current.id} and ${unused} returning id`.execute(db)
    return rows.map(({ id }) => id)
  } catch (error) {
    if (codeOf(error) === foreignKeyViolation) return []
    throw error
  }
}

async function know(db: Kysely<Tables>, id: string): Promise<void> {
  await db.insertInto('plimsoll.secret_keys').values({ id }).onConflict((it) => it.doNothing()).execute()
}

async function statusOf({ db, source }: Parts, keys: SecretKeys | PlimsollError): Promise<SecretsStatus> {
  const counts = sql.join(sealedTables.map(({ table }) => sql`select key_id from ${sql.table(`plimsoll.${table}`)}`), sql` union all `)
  const { rows } = await sql<{ id: string; secrets: string }>`select k.id, count(s.key_id) as secrets from plimsoll.secret_keys k left join (${counts}) s on s.key_id = k.id group by k.id, k.since order by k.since desc`.execute(db)
  const ids = isPlimsollError(keys) ? [] : keys.map(({ id }) => id)
  const is = (id: string) => (id === ids[0] ? 'current' as const : ids.includes(id) ? 'old' as const : 'missing' as const)
  return {
    from: source.from,
    keys: rows.map(({ id, secrets }) => ({ id, is: is(id), secrets: Number(secrets) })),
    ...(isPlimsollError(keys) && { problem: toProblem(keys) }),
  }
}

async function giveUp(db: Kysely<Tables>, keys: SecretKeys): Promise<Pick<StartedOver, 'forgotten' | 'newPasswords'>> {
  const ids = keys.map(({ id }) => id)
  return db.transaction().execute(async (tx) => {
    const forgotten = await tx.deleteFrom('plimsoll.kept_values').where('key_id', 'is not', null).where('key_id', 'not in', ids).returning(['app', 'key']).execute()
    const channels = await tx.deleteFrom('plimsoll.channels').where(sql<boolean>`key_id <> all(${ids})`).returning(['app', 'name']).execute()
    const hooks = await tx.deleteFrom('plimsoll.hooks').where(sql<boolean>`key_id <> all(${ids})`).returning('app').execute()
    // What somebody may ask for again is done again.
    await tx.deleteFrom('plimsoll.kept_answers').where(sql<boolean>`key_id <> all(${ids})`).execute()
    const lost = await tx.selectFrom('plimsoll.databases').select(['app', 'name']).where('key_id', 'is not', null).where('key_id', 'not in', ids).execute()
    // In plain for the moment until everything is sealed again, which is next.
    for (const { app, name } of lost) {
      await tx.updateTable('plimsoll.databases').set({ sealed: null, password: randomBytes(24).toString('base64url') }).where('app', '=', app).where('name', '=', name).execute()
    }
    const others = [...channels.map(({ app, name }) => ({ app, key: `notification channel ${name}` })), ...hooks.map(({ app }) => ({ app, key: 'GitHub hook' }))]
    return { forgotten: [...forgotten, ...others], newPasswords: lost }
  })
}

function isGone(from: string): PlimsollError {
  return new PlimsollError('SECRETS_LOCKED', `The key of all secrets is gone: there is no ${from}, and the database holds what was sealed with it`, { hint: 'Put the file back from its backup: it is looked for again whenever it is needed. Where it is lost for good: plimsoll secrets start-over' })
}

function isAnother(from: string, known: readonly string[]): PlimsollError {
  return new PlimsollError('SECRETS_LOCKED', `${from} holds another key than what the database was sealed with (${known.join(', ')})`, { hint: 'Give that key too, as a line below the new one, and start Plimsoll anew where it was given by its environment. Where it is lost for good: plimsoll secrets start-over' })
}

function givenElsewhere(from: string): PlimsollError {
  return new PlimsollError('USAGE', `The keys of this Plimsoll are given by ${from}, where it makes and drops none`, { hint: 'Put a new line before the others there (openssl rand -base64 32), and start Plimsoll anew: it seals everything with the first. Then take the old one away.' })
}
