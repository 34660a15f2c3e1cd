import { hookEventSchema, hookSchema, hookTaskSchema, type AppName, type Hook, type HookEvent, type HookTask } from '@plimsoll/model'
import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { SecretPlace } from '../sealing/envelope.ts'
import type { Vault } from '../sealing/vault.ts'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'
import type { HookTable } from './telling-tables.ts'

const secretSchema = z.object({ secret: z.string(), token: z.string().optional() })

/** A hook with what is secret about it, which is given to nobody but who checks and fetches. */
export interface KeptHook extends z.infer<typeof secretSchema> {
  readonly hook: Hook
}

export interface HookSettings extends Pick<Hook, 'repository' | 'branch' | 'directory' | 'server' | 'onPush' | 'onPullRequest' | 'forks'> {}

/** What was said, before anything has come of it; without a `task` it is ignored, and `why` says for what reason. */
export interface NewHookEvent {
  readonly delivery: string
  readonly event: string
  readonly about: string
  readonly task: HookTask | undefined
  readonly why: string | undefined
  readonly at: string
}

export interface WaitingTask {
  readonly delivery: string
  readonly task: HookTask
}

export type HookEnd = { readonly is: 'done' | 'failed' | 'superseded'; readonly why?: string | undefined; readonly release?: number | undefined; readonly verification?: string | undefined; readonly at: string }

/** What repositories say, and what apps do then. What signs and fetches is sealed for the app; what writes or reads it throws `SECRETS_LOCKED` where the key is missing. */
export interface Hooks {
  find(app: AppName): Promise<KeptHook | undefined>
  put(app: AppName, kept: { readonly settings: HookSettings; readonly secret: string; readonly token?: string | undefined; readonly at: string }): Promise<Hook>
  /** With all that was said. Returns whether there was one. */
  remove(app: AppName): Promise<boolean>
  /** Writes down what was said, and that what waits to do the same is superseded by it. False for a number that is known already: nothing is changed then. */
  note(app: AppName, event: NewHookEvent): Promise<boolean>
  /** Apps for which something waits. */
  waiting(): Promise<readonly AppName[]>
  /** The next that waits, which is being worked on from now on: a release before what is only verified. */
  take(app: AppName): Promise<WaitingTask | undefined>
  settle(app: AppName, delivery: string, end: HookEnd): Promise<void>
  /** What was being worked on when Plimsoll ended waits again. */
  takeUp(): Promise<void>
  /** Newest first. */
  events(app: AppName, limit: number): Promise<readonly HookEvent[]>
}

/** How many numbers are remembered of each app. What is sent again after more than that does no harm: it is looked at how the branch stands then. */
const remembered = 2_000
const table = 'plimsoll.hook_events' as const

export function hooksIn({ db, vault }: { readonly db: Kysely<Tables>; readonly vault: Vault }): Hooks {
  return {
    async find(app) {
      const row = await db.selectFrom('plimsoll.hooks').selectAll().where('app', '=', app).executeTakeFirst()
      return row && { hook: hookOf(row), ...secretSchema.parse(JSON.parse(await vault.open(placeOf(app), row.sealed))) }
    },
    async put(app, { settings, secret, token, at }) {
      const write = (sealed: Buffer) => {
        const change = { settings: toJson(settings), has_token: token !== undefined, sealed }
        return db.insertInto('plimsoll.hooks').values({ app, ...change, created_at: at }).onConflict((it) => it.column('app').doUpdateSet({ ...change, version: sql`hooks.version + 1` })).returningAll().executeTakeFirstOrThrow()
      }
      return hookOf(await vault.keep(placeOf(app), JSON.stringify({ secret, token }), write))
    },
    async remove(app) {
      return (await db.deleteFrom('plimsoll.hooks').where('app', '=', app).executeTakeFirst()).numDeletedRows > 0n
    },
    note: (app, event) => note(db, app, event),
    async waiting() {
      return (await db.selectFrom(table).select('app').distinct().where('state', '=', 'waiting').execute()).map(({ app }) => app as AppName)
    },
    async take(app) {
      const next = db.selectFrom(table).select('seq').where('app', '=', app).where('state', '=', 'waiting').orderBy(sql`task->>'do' <> 'release'`).orderBy('seq').limit(1)
      const row = await db.updateTable(table).set({ state: 'working' }).where('seq', '=', next).returning(['delivery', 'task']).executeTakeFirst()
      return row && { delivery: row.delivery, task: hookTaskSchema.parse(row.task) }
    },
    async settle(app, delivery, { is, why, release, verification, at }) {
      await db.updateTable(table).set({ state: is, why: why ?? null, release: release ?? null, verification: verification ?? null, ended_at: at }).where('app', '=', app).where('delivery', '=', delivery).execute()
    },
    async takeUp() {
      await db.updateTable(table).set({ state: 'waiting' }).where('state', '=', 'working').execute()
    },
    async events(app, limit) {
      const rows = await db.selectFrom(table).selectAll().where('app', '=', app).orderBy('seq', 'desc').limit(limit).execute()
      return rows.map(({ at, state, ended_at, ...row }) => hookEventSchema.parse({ ...row, is: state, at: at.toISOString(), endedAt: ended_at?.toISOString() ?? null }))
    },
  }
}

const placeOf = (app: AppName): SecretPlace => ['hooks', app]

async function note(db: Kysely<Tables>, app: AppName, { delivery, event, about, task, why, at }: NewHookEvent): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const row = { app, delivery, event, about, task: task === undefined ? null : toJson(task), state: task === undefined ? 'ignored' : 'waiting', why: why ?? null, at, ended_at: task === undefined ? at : null }
    const made = await tx.insertInto(table).values(row).onConflict((it) => it.columns(['app', 'delivery']).doNothing()).returning('seq').executeTakeFirst()
    if (made === undefined) return false
    if (task !== undefined) {
      await tx.updateTable(table).set({ state: 'superseded', why: 'Something newer came before it was begun', ended_at: at })
        .where('app', '=', app).where('state', '=', 'waiting').where('seq', '<', made.seq).where(asksForLess(task)).execute()
    }
    await tx.deleteFrom(table).where('app', '=', app).where('state', 'not in', ['waiting', 'working'])
      .where('seq', '<=', tx.selectFrom(table).select('seq').where('app', '=', app).orderBy('seq', 'desc').offset(remembered).limit(1)).execute()
    return true
  })
}

/** That what waits is all done by `task`: the same, or something about the same pull request that is not verified then although it was to be. */
function asksForLess(task: HookTask) {
  if (task.do === 'release') return sql<boolean>`task = ${toJson(task)}::jsonb`
  const doesAll = task.do === 'end-preview' || task.do === 'verify' || task.alsoVerify
  const ofPull = sql<boolean>`task->>'pull' = ${String(task.pull)}`
  return task.do !== 'verify' && doesAll ? ofPull : sql<boolean>`${ofPull} and (task = ${toJson(task)}::jsonb or (task->>'do' = ${task.do} and task->>'alsoVerify' = 'false'))`
}

function hookOf({ app, settings, has_token, created_at, version }: Selectable<HookTable>): Hook {
  return hookSchema.parse({ ...(settings as object), app, hasToken: has_token, createdAt: created_at.toISOString(), version })
}
