import { type AppName, PlimsollError } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export interface PortWish {
  readonly app: AppName
  /** What the port is for, e.g. `entry web`. */
  readonly purpose: string
  /** Both ends belong to it. */
  readonly range: { readonly from: number; readonly to: number }
  /** Asked before a port is given for the first time, and only then. */
  readonly isFree: (port: number) => Promise<boolean>
}

/** Ports that stay the same for as long as their app exists. */
export interface Ports {
  /** The port of this purpose: chosen at the first call, the same ever after, never one of another app or purpose. Throws `PORT_TAKEN` when the range is used up. */
  settle(wish: PortWish): Promise<number>
  /** purpose → port. */
  of(app: AppName): Promise<Readonly<Record<string, number>>>
  /** Gives back all that the app has. */
  forget(app: AppName): Promise<void>
}

export function portsIn(db: Kysely<Tables>): Ports {
  return {
    settle: (wish) => settle(db, wish),
    async of(app) {
      const rows = await db.selectFrom('plimsoll.ports').select(['purpose', 'port']).where('app', '=', app).orderBy('purpose').execute()
      return Object.fromEntries(rows.map(({ purpose, port }) => [purpose, port]))
    },
    async forget(app) {
      await db.deleteFrom('plimsoll.ports').where('app', '=', app).execute()
    },
  }
}

async function settle(db: Kysely<Tables>, wish: PortWish): Promise<number> {
  const { app, purpose, range } = wish
  const settled = await find(db, wish)
  if (settled !== undefined) return settled
  const rows = await db.selectFrom('plimsoll.ports').select('port').where('port', '>=', range.from).where('port', '<=', range.to).execute()
  const given = new Set(rows.map(({ port }) => port))
  for (let port = range.from; port <= range.to; port += 1) {
    if (given.has(port) || !(await wish.isFree(port))) continue
    await db.insertInto('plimsoll.ports').values({ port, app, purpose }).onConflict((it) => it.doNothing()).execute()
    // Ours, or that of a caller who was faster; undefined when another purpose took the port just now.
    const now = await find(db, wish)
    if (now !== undefined) return now
  }
  throw new PlimsollError('PORT_TAKEN', `No port between ${range.from} and ${range.to} is free for ${purpose} of ${app}`, { hint: 'See what listens there: ss -ltnp' })
}

async function find(db: Kysely<Tables>, { app, purpose }: PortWish): Promise<number | undefined> {
  return (await db.selectFrom('plimsoll.ports').select('port').where('app', '=', app).where('purpose', '=', purpose).executeTakeFirst())?.port
}
