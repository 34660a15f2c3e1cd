import { deliverySchema, type AppName, type Delivery, type Topic } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

/** Something that happened, and that nobody was told of yet. */
export interface Occasion {
  /** Unique for ever. */
  readonly id: string
  readonly at: string
  readonly app: AppName
  readonly about: 'release' | 'verification'
  /** The release's number, or the verification's id. */
  readonly subject: string
  /** What of it is other than it was; only a schema says what that holds. */
  readonly facts: unknown
}

export interface NewDelivery {
  readonly id: string
  readonly channel: string
  readonly topic: Topic
  /** What is sent, with a `headline`. */
  readonly message: object
}

/** A message that is to be sent. */
export interface DueDelivery {
  readonly id: string
  readonly channel: string
  readonly message: unknown
  readonly tries: number
  readonly createdAt: string
}

/** What a try has come to. `nextAt`: of one that is waiting. */
export type DeliveryEnd =
  | { readonly is: 'delivered' | 'undelivered' | 'unsent'; readonly tries: number; readonly why?: string | undefined; readonly at: string }
  | { readonly is: 'waiting'; readonly tries: number; readonly why: string; readonly nextAt: string }

/** What is to be sent, from the moment that it happened until it has arrived or was given up. */
export interface Outbox {
  /** The oldest, in the order in which they happened. */
  occasions(limit: number): Promise<readonly Occasion[]>
  /** Writes down what is sent of an occasion, which is done with then: both or neither. Twice is once. */
  plan(occasion: Pick<Occasion, 'id' | 'app'>, deliveries: readonly NewDelivery[], at: string): Promise<void>
  /** Whatever may be sent at `at`, oldest first. */
  due(at: string, limit: number): Promise<readonly DueDelivery[]>
  settle(id: string, end: DeliveryEnd): Promise<void>
  /** Nothing is sent to this channel before `until`. */
  rest(channel: string, until: string): Promise<void>
  /** Ends what waits for a channel that is off. */
  drop(channel: string, why: string, at: string): Promise<void>
  /** Newest first. */
  list(query: { readonly channel: string | undefined; readonly limit: number }): Promise<readonly Delivery[]>
  /** Forgets what has ended, but for the newest `keep` of each channel. */
  forget(keep: number): Promise<void>
}

const table = 'plimsoll.deliveries' as const

export function outboxIn(db: Kysely<Tables>): Outbox {
  return {
    async occasions(limit) {
      const rows = await db.selectFrom('plimsoll.occasions').selectAll().orderBy('seq').limit(limit).execute()
      return rows.map(({ id, at, app, about, subject, facts }) => ({ id, at: at.toISOString(), app: app as AppName, about: about === 'release' ? 'release' : 'verification', subject, facts }))
    },
    async plan({ id, app }, deliveries, at) {
      await db.transaction().execute(async (tx) => {
        const { numDeletedRows } = await tx.deleteFrom('plimsoll.occasions').where('id', '=', id).executeTakeFirst()
        if (numDeletedRows === 0n || deliveries.length === 0) return
        const rows = deliveries.map(({ id: each, channel, topic, message }) => ({ id: each, channel, app, topic, message: toJson(message), state: 'waiting', created_at: at, next_at: at }))
        await tx.insertInto(table).values(rows).execute()
      })
    },
    async due(at, limit) {
      const rows = await db.selectFrom(table).select(['id', 'channel', 'message', 'tries', 'created_at']).where('state', '=', 'waiting').where('next_at', '<=', new Date(at)).orderBy('seq').limit(limit).execute()
      return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }))
    },
    async settle(id, end) {
      const times = end.is === 'waiting' ? { next_at: end.nextAt, ended_at: null } : { next_at: null, ended_at: end.at }
      await db.updateTable(table).set({ state: end.is, tries: end.tries, why: end.why ?? null, ...times }).where('id', '=', id).execute()
    },
    async rest(channel, until) {
      await db.updateTable(table).set({ next_at: until }).where('channel', '=', channel).where('state', '=', 'waiting').where('next_at', '<', new Date(until)).execute()
    },
    async drop(channel, why, at) {
      await db.updateTable(table).set({ state: 'unsent', why, next_at: null, ended_at: at }).where('channel', '=', channel).where('state', '=', 'waiting').execute()
    },
    list: ({ channel, limit }) => list(db, channel, limit),
    async forget(keep) {
      await sql`delete from plimsoll.deliveries d using (select id, row_number() over (partition by channel order by seq desc) as place from plimsoll.deliveries where state <> 'waiting') as old where d.id = old.id and old.place > ${keep}`.execute(db)
    },
  }
}

async function list(db: Kysely<Tables>, channel: string | undefined, limit: number): Promise<readonly Delivery[]> {
  const rows = await db.selectFrom('plimsoll.deliveries as d').innerJoin('plimsoll.channels as c', 'c.id', 'd.channel')
    .select(['d.id', 'd.app', 'd.topic', 'd.state', 'd.tries', 'd.why', 'd.created_at', 'd.next_at', 'd.ended_at', 'c.id as channel_id', 'c.name', sql<string>`d.message->>'headline'`.as('headline')])
    .$if(channel !== undefined, (query) => query.where('d.channel', '=', channel ?? ''))
    .orderBy('d.seq', 'desc').limit(limit).execute()
  return rows.map(({ channel_id, name, state, created_at, next_at, ended_at, ...row }) => deliverySchema.parse({
    ...row, is: state, channel: { id: channel_id, name }, at: created_at.toISOString(), nextAt: next_at?.toISOString() ?? null, endedAt: ended_at?.toISOString() ?? null,
  }))
}
