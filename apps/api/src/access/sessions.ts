import { PlimsollError, type Principal, type Session, type User } from '@plimsoll/model'
import type { Services } from '../services.ts'
import type { Attempts } from './attempts.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { hashOf, newId, newSecret, prefixes } from './secrets.ts'
import { owner, sessionEnd } from './who-asks.ts'

export interface AccessParts {
  readonly services: Pick<Services, 'store' | 'clock' | 'console'>
  readonly attempts: Attempts
}

/** Throws `UNAUTHORIZED` without saying which of the two was wrong, and `TOO_MANY_ATTEMPTS` while the name is locked. */
export async function signIn({ services, attempts }: AccessParts, { name, password }: { readonly name: string; readonly password: string }): Promise<Session> {
  await attempts.admit(name)
  const user = await services.store.users.named(name)
  if (!(await isPassword(password, user?.passwordHash)) || user === undefined) {
    await attempts.failed(name)
    throw new PlimsollError('UNAUTHORIZED', 'The name or the password is wrong', { hint: 'Who has forgotten it asks an admin for a new invitation, or on the machine itself: plimsoll console' })
  }
  await attempts.succeeded(name)
  return beginSession(services, principalOf(user))
}

/** Throws `UNAUTHORIZED` for a link that was used, is over, or never was. */
export async function enter({ services }: AccessParts, { code }: { readonly code: string }): Promise<Session> {
  const at = now(services)
  const link = await services.store.links.find(hashOf(code), at)
  if (link === undefined || link.name !== null || (await services.store.links.use(hashOf(code), at)) === undefined) throw noLink()
  return beginSession(services, owner)
}

/** Whom an invitation is for. Using it is another matter. */
export async function showInvitation({ services }: AccessParts, { code }: { readonly code: string }): Promise<{ readonly name: string }> {
  const link = await services.store.links.find(hashOf(code), now(services))
  if (link === undefined || link.name === null) throw noLink()
  return { name: link.name }
}

/** Makes a user of somebody who was invited. Whoever is called so already gets the new password and what the invitation gives: so a forgotten one is replaced. */
export async function join({ services }: AccessParts, { code, password }: { readonly code: string; readonly password: string }): Promise<Session> {
  const { store } = services
  const passwordHash = await hashPassword(password)
  const at = now(services)
  const known = await store.links.find(hashOf(code), at)
  if (known === undefined || known.name === null) throw noLink()
  const link = await store.links.use(hashOf(code), at)
  if (link === undefined) throw noLink()
  const before = await store.users.named(known.name)
  if (before !== undefined) {
    await store.users.setPassword(before.id, passwordHash)
    await store.sessions.endAll(before.id, '')
    return beginSession(services, principalOf(before))
  }
  const user = await store.users.add({ id: newId(), name: known.name, passwordHash, grants: link.grants, at })
  return beginSession(services, principalOf(user))
}

export async function signOut({ services }: AccessParts, session: string | undefined): Promise<void> {
  if (session === undefined) throw new PlimsollError('USAGE', 'There is no session to end: a token is revoked')
  await services.store.sessions.end(session)
}

/** A user, as who asks. */
export function principalOf({ id, name, grants }: User): Principal {
  return { kind: 'user', id, name, grants, userId: id }
}

export async function beginSession({ store, clock }: AccessParts['services'], who: Principal): Promise<Session> {
  const token = newSecret(prefixes.session)
  const started = clock.now()
  const at = new Date(started).toISOString()
  const endsAt = sessionEnd(started, started)
  await store.sessions.begin({ hash: hashOf(token), userId: who.userId, at, endsAt })
  if (who.userId !== null) await store.users.noteSeen(who.userId, at)
  return { token, endsAt, who }
}

function now({ clock }: AccessParts['services']): string {
  return new Date(clock.now()).toISOString()
}

export function noLink(): PlimsollError {
  return new PlimsollError('UNAUTHORIZED', 'This link was used already, or its time is over', { hint: 'Ask for a new one; on the machine itself: plimsoll console' })
}
