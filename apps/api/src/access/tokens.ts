import { PlimsollError, isAsMuchAs, roleIn, type AppName, type Grant, type MadeToken, type Principal, type Role, type Token } from '@plimsoll/model'
import { hashOf, newId, newSecret, prefixes } from './secrets.ts'
import type { AccessParts } from './sessions.ts'

const dayMs = 24 * 60 * 60_000

/** Those of `who`; for an admin of Plimsoll those of everybody. */
export async function listTokens({ services: { store } }: AccessParts, who: Principal): Promise<Token[]> {
  const tokens = await store.tokens.list()
  return tokens.filter(({ user }) => seesAll(who) || (user !== null && user.id === who.userId)).map(({ user: _user, ...token }) => token)
}

export interface NewToken {
  readonly who: Principal
  readonly name: string
  readonly scope: Role
  readonly apps?: readonly AppName[] | undefined
  readonly days: number
}

/** Throws `FORBIDDEN` for more than `who` may do, and for a token that would make another one. */
export async function createToken({ services: { store, clock } }: AccessParts, { who, name, scope, apps, days }: NewToken): Promise<MadeToken> {
  if (who.kind === 'token') throw new PlimsollError('FORBIDDEN', 'A token makes no tokens', { hint: 'Sign in to the console and make it there.' })
  const grants: Grant[] = apps === undefined ? [{ app: '*', role: scope }] : apps.map((app) => ({ app, role: scope }))
  const tooMuch = grants.find(({ app }) => !isAsMuchAs(roleIn(who.grants, app === '*' ? undefined : app), scope))
  if (tooMuch !== undefined) throw new PlimsollError('FORBIDDEN', `${who.name} is no ${scope} of ${tooMuch.app === '*' ? 'all apps' : tooMuch.app}, and so makes no token that is`, { hint: 'Name the apps that it is for.' })
  const token = newSecret(prefixes.token)
  const at = clock.now()
  const made = { id: newId(), name, grants, createdAt: new Date(at).toISOString(), endsAt: new Date(at + days * dayMs).toISOString() }
  await store.tokens.add({ id: made.id, hash: hashOf(token), name, grants, userId: who.userId, at: made.createdAt, endsAt: made.endsAt })
  return { ...made, by: who.name, seenAt: null, token }
}

/** Throws `NOT_FOUND`, also for one that is another's, and `FORBIDDEN` to a token that would end another one. */
export async function revokeToken(parts: AccessParts, { who, id }: { readonly who: Principal; readonly id: string }): Promise<void> {
  if (who.kind === 'token' && who.id !== id) throw new PlimsollError('FORBIDDEN', 'A token ends no other token than itself')
  const known = (await listTokens(parts, who)).some((token) => token.id === id)
  if (!known || !(await parts.services.store.tokens.remove(id))) throw new PlimsollError('NOT_FOUND', `There is no token ${id}`)
}

function seesAll(who: Principal): boolean {
  return isAsMuchAs(roleIn(who.grants), 'admin')
}
