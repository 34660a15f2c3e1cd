import { channelSchema, PlimsollError, waySchema, type Channel, type Topic, type Way } from '@plimsoll/model'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { SecretPlace } from '../sealing/envelope.ts'
import type { Vault } from '../sealing/vault.ts'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'
import type { ChannelTable } from './telling-tables.ts'

/** How a channel is reached, and how that is shown. */
export interface KeptWay {
  readonly way: Way
  readonly to: string
}

export interface NewKeptChannel extends KeptWay {
  readonly id: string
  readonly name: string
  readonly app: Channel['app']
  readonly topics: readonly Topic[]
  readonly at: string
}

export interface KeptChannelChange {
  readonly name?: string | undefined
  readonly app?: Channel['app'] | undefined
  readonly topics?: readonly Topic[] | undefined
  /** On again, it is not closed any more either. */
  readonly on?: boolean | undefined
  readonly reached?: KeptWay | undefined
}

/**
 * Whom Plimsoll tells what happens. How they are reached is sealed, each for its own channel, and given to nobody but who sends; what writes or reads
 * that throws `SECRETS_LOCKED` where the key is missing.
 */
export interface Channels {
  add(channel: NewKeptChannel): Promise<Channel>
  /** By name. */
  list(): Promise<readonly Channel[]>
  find(id: string): Promise<{ readonly channel: Channel; readonly way: Way } | undefined>
  /** Undefined when there is none with that id. Throws `CHANGED_MEANWHILE` when it is not `version` any more. */
  change(key: { readonly id: string; readonly version: number }, change: KeptChannelChange): Promise<Channel | undefined>
  /** Its receiver wants nothing any more: it is off, and says why. */
  close(id: string, closed: NonNullable<Channel['closed']>): Promise<void>
  /** With what waits for it. Returns whether there was one. */
  remove(id: string): Promise<boolean>
}

const table = 'plimsoll.channels' as const

export function channelsIn({ db, vault }: { readonly db: Kysely<Tables>; readonly vault: Vault }): Channels {
  const row = (id: string) => db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst()
  return {
    async add({ id, name, app, topics, to, way, at }) {
      const values = { id, name, app, topics: toJson(topics), kind: way.kind, shown_as: to, created_at: at }
      return channelOf(await vault.keep(placeOf(id), JSON.stringify(way), (sealed) => db.insertInto(table).values({ ...values, sealed }).returningAll().executeTakeFirstOrThrow()))
    },
    list: async () => (await db.selectFrom(table).selectAll().orderBy(sql`lower(name)`).orderBy('id').execute()).map(channelOf),
    async find(id) {
      const found = await row(id)
      return found && { channel: channelOf(found), way: waySchema.parse(JSON.parse(await vault.open(placeOf(id), found.sealed))) }
    },
    async change({ id, version }, { name, app, topics, on, reached }) {
      const write = async (sealed?: Buffer) => db.updateTable(table).set({
        version: sql`version + 1`,
        ...(name !== undefined && { name }), ...(app !== undefined && { app }), ...(topics !== undefined && { topics: toJson(topics) }),
        ...(on !== undefined && { is_on: on, closed: null }),
        ...(reached !== undefined && { kind: reached.way.kind, shown_as: reached.to, sealed }),
      }).where('id', '=', id).where('version', '=', version).returningAll().executeTakeFirst()
      const changed = await (reached === undefined ? write() : vault.keep(placeOf(id), JSON.stringify(reached.way), write))
      if (changed !== undefined) return channelOf(changed)
      if ((await row(id)) === undefined) return undefined
      throw new PlimsollError('CHANGED_MEANWHILE', 'Somebody else has changed this channel', { hint: 'Look at it again, and change what is still to be changed.' })
    },
    async close(id, closed) {
      await db.updateTable(table).set({ is_on: false, closed: toJson(closed), version: sql`version + 1` }).where('id', '=', id).execute()
    },
    async remove(id) {
      return (await db.deleteFrom(table).where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}

const placeOf = (id: string): SecretPlace => ['channels', id]

function channelOf({ id, name, app, topics, kind, shown_as, is_on, closed, created_at, version }: Selectable<ChannelTable>): Channel {
  return channelSchema.parse({ id, name, app, topics, kind, to: shown_as, on: is_on, closed, createdAt: created_at.toISOString(), version })
}
