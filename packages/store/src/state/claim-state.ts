import { PlimsollError } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Who keeps its state here. */
export interface Claimant {
  /** Made once for a home, and kept in it. */
  readonly id: string
  /** Where it is, for people: the machine and the directory. */
  readonly place: string
}

/** See `Store.claim`. */
export async function claimState(db: Kysely<Tables>, { id, place }: Claimant): Promise<void> {
  await db.insertInto('plimsoll.home').values({ id, place }).onConflict((conflict) => conflict.doNothing()).execute()
  const holder = await db.selectFrom('plimsoll.home').select(['id', 'place']).executeTakeFirst()
  if (holder?.id !== id) throw belongsTo(holder?.place ?? 'another home', place)
  // A home can be moved with all that it holds.
  if (holder.place !== place) await db.updateTable('plimsoll.home').set({ place }).where('id', '=', id).execute()
}

function belongsTo(holder: string, place: string): PlimsollError {
  return new PlimsollError('STATE_TAKEN', `The database of DATABASE_URL holds the state of another Plimsoll home, ${holder}; ${place} cannot keep its own there, too`, {
    hint: `Give this home a database of its own. If that home is gone for good: psql "$DATABASE_URL" -c 'delete from plimsoll.home'`,
    details: { holder },
  })
}
