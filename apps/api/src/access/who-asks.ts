import { timingSafeEqual } from 'node:crypto'
import { withinBoth, type Grant, type Principal } from '@plimsoll/model'
import type { Services } from '../services.ts'
import { hashOf, prefixes } from './secrets.ts'

/** Whoever knows the token of the home may do everything: who can read that file can change all that Plimsoll has. */
const everything: readonly Grant[] = [{ app: '*', role: 'admin' }]
export const owner: Principal = { kind: 'owner', id: 'owner', name: 'owner', grants: [...everything], userId: null }

/** Somebody who is known, and by what. */
export interface Known {
  readonly who: Principal
  /** Of the session that they came with; undefined for a token. */
  readonly session: string | undefined
}

/** A session ends when nobody has used it for a day, and a week after it began. */
const idleMs = 24 * 60 * 60_000
const wholeMs = 7 * 24 * 60 * 60_000
/** How often it is written down that somebody is there. */
const noteEveryMs = 60_000

export type KnowWho = (authorization: string | undefined) => Promise<Known | undefined>

/** Knows who asks by what they have sent as `Authorization: Bearer …`: the token of the home, that of a session, or one that was made for a program. */
export function knowWho({ store, clock }: Pick<Services, 'store' | 'clock'>, homeToken: string): KnowWho {
  const wanted = Buffer.from(hashOf(homeToken))
  return async (authorization) => {
    const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
    if (bearer === undefined) return undefined
    const hash = hashOf(bearer)
    if (timingSafeEqual(Buffer.from(hash), wanted)) return { who: owner, session: undefined }
    const now = clock.now()
    if (bearer.startsWith(prefixes.session)) return bySession(store, hash, now)
    if (bearer.startsWith(prefixes.token)) return byToken(store, hash, now)
    return undefined
  }
}

/** When a session ends that began then and was used now. */
export function sessionEnd(startedAt: number, now: number): string {
  return new Date(Math.min(startedAt + wholeMs, now + idleMs)).toISOString()
}

async function bySession(store: Services['store'], hash: string, now: number): Promise<Known | undefined> {
  const at = new Date(now).toISOString()
  const session = await store.sessions.find(hash, at)
  if (session === undefined) return undefined
  const { user, startedAt, seenAt } = session
  if (now - Date.parse(seenAt) > noteEveryMs) {
    await store.sessions.noteSeen(hash, { at, endsAt: sessionEnd(Date.parse(startedAt), now) })
    if (user !== null) await store.users.noteSeen(user.id, at)
  }
  return { session: hash, who: user === null ? owner : { kind: 'user', id: user.id, name: user.name, grants: await withPreviews(store, user.grants), userId: user.id } }
}

async function byToken(store: Services['store'], hash: string, now: number): Promise<Known | undefined> {
  const at = new Date(now).toISOString()
  const token = await store.tokens.find(hash, at)
  if (token === undefined) return undefined
  const { id, name, grants, user, seenAt } = token
  if (seenAt === null || now - Date.parse(seenAt) > noteEveryMs) await store.tokens.noteSeen(id, at)
  return { session: undefined, who: { kind: 'token', id, name, grants: await withPreviews(store, withinBoth(grants, user?.grants ?? everything)), userId: user?.id ?? null } }
}

/** What somebody may do in an app, they may do in its previews; a grant that names one of them gives as much as it says. */
async function withPreviews({ previews }: Services['store'], grants: readonly Grant[]): Promise<Grant[]> {
  const apps = grants.flatMap(({ app }) => (app === '*' ? [] : [app]))
  // Whoever may do the same everywhere may do it in previews too.
  const under = await previews.under(apps)
  return [...grants, ...under.flatMap(({ app, of }) => grants.filter((grant) => grant.app === of).map(({ role }) => ({ app, role })))]
}
