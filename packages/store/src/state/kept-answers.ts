import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { SecretPlace } from '../sealing/envelope.ts'
import type { Vault } from '../sealing/vault.ts'
import type { Tables } from './tables.ts'

/** A change that somebody asks for under a key of their own. */
export interface KeyedRequest {
  readonly asker: string
  readonly route: string
  readonly key: string
}

const recordSchema = z.object({ asks: z.string(), answer: z.object({ failed: z.boolean(), body: z.unknown() }).optional() })

/** `failed`: the body is a Problem. */
export type KeptAnswer = NonNullable<z.infer<typeof recordSchema>['answer']>

/** What is known of a request: nothing, that something else was asked under its key, that it was begun and never answered, or its answer. */
export type KnownRequest = { readonly is: 'new' | 'another' | 'begun' } | { readonly is: 'answered'; readonly answer: KeptAnswer }

/** Answers to changes that were asked for under a key. What was asked and what was answered is sealed: either may hold secrets. */
export interface KeptAnswers {
  /** Notes that a request begins, unless its key is known. `asks` stands for all that it asks; `since` is how far back keys are known. */
  begin(request: KeyedRequest, begin: { readonly asks: string; readonly at: string; readonly since: string }): Promise<KnownRequest>
  settle(request: KeyedRequest, settled: { readonly asks: string; readonly answer: KeptAnswer }): Promise<void>
  /** As if it had never been asked. */
  forget(request: KeyedRequest): Promise<void>
}

/** Of one asker: the oldest go first. */
const most = 1_000
const table = 'plimsoll.kept_answers' as const

export function keptAnswersIn({ db, vault }: { readonly db: Kysely<Tables>; readonly vault: Vault }): KeptAnswers {
  const of = ({ asker, route, key }: KeyedRequest) => db.selectFrom(table).select('sealed').where('asker', '=', asker).where('route', '=', route).where('key', '=', key)
  const keep = <T>(request: KeyedRequest, record: z.infer<typeof recordSchema>, write: (sealed: Buffer) => Promise<T>) => vault.keep(placeOf(request), JSON.stringify(record), write)
  return {
    async begin(request, { asks, at, since }) {
      await db.deleteFrom(table).where('begun_at', '<', new Date(since)).execute()
      const insert = (sealed: Buffer) => db.insertInto(table).values({ ...request, sealed, begun_at: at }).onConflict((it) => it.doNothing()).executeTakeFirst()
      const { numInsertedOrUpdatedRows } = await keep(request, { asks }, insert)
      if (numInsertedOrUpdatedRows === 1n) {
        await dropOldest(db, request.asker)
        return { is: 'new' }
      }
      const row = await of(request).executeTakeFirst()
      if (row === undefined) return { is: 'begun' }
      const known = recordSchema.parse(JSON.parse(await vault.open(placeOf(request), row.sealed)))
      if (known.asks !== asks) return { is: 'another' }
      return known.answer === undefined ? { is: 'begun' } : { is: 'answered', answer: known.answer }
    },
    async settle(request, record) {
      const { asker, route, key } = request
      await keep(request, record, (sealed) => db.updateTable(table).set({ sealed }).where('asker', '=', asker).where('route', '=', route).where('key', '=', key).execute())
    },
    async forget({ asker, route, key }) {
      await db.deleteFrom(table).where('asker', '=', asker).where('route', '=', route).where('key', '=', key).execute()
    },
  }
}

function placeOf({ asker, route, key }: KeyedRequest): SecretPlace {
  return ['kept_answers', asker, route, key]
}

async function dropOldest(db: Kysely<Tables>, asker: string): Promise<void> {
  const limit = db.selectFrom(table).select('begun_at').where('asker', '=', asker).orderBy('begun_at', 'desc').offset(most).limit(1)
  await db.deleteFrom(table).where('asker', '=', asker).where('begun_at', '<=', limit).execute()
}
