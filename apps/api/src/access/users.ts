import { PlimsollError, type Grant, type Invitation, type Link, type Principal, type User } from '@plimsoll/model'
import { hashPassword, isPassword } from './passwords.ts'
import { hashOf, newCode, newId } from './secrets.ts'
import type { AccessParts } from './sessions.ts'

/** An invitation waits for a week, a way in for the owner for a day. */
const invitationMs = 7 * 24 * 60 * 60_000
const ownerLinkMs = 24 * 60 * 60_000

export async function listUsers({ services: { store, clock } }: AccessParts): Promise<{ users: User[]; invitations: Invitation[] }> {
  const [users, invitations] = await Promise.all([store.users.list(), store.links.invitations(new Date(clock.now()).toISOString())])
  return { users: [...users], invitations: [...invitations] }
}

export interface Inviting {
  readonly name: string
  readonly grants: readonly Grant[]
  readonly by: Principal
}

/** Somebody who is called so already is invited to choose a new password. */
export async function inviteUser(parts: AccessParts, { name, grants, by }: Inviting): Promise<Link> {
  return makeLink(parts, { name, grants, by: by.name, lifeMs: invitationMs, path: '/join/' })
}

/** By it a browser comes in as the owner of this machine. */
export async function makeOwnerLink(parts: AccessParts, by: Principal): Promise<Link> {
  return makeLink(parts, { name: null, grants: [], by: by.name, lifeMs: ownerLinkMs, path: '/enter/' })
}

interface Making {
  readonly name: string | null
  readonly grants: readonly Grant[]
  readonly by: string
  readonly lifeMs: number
  readonly path: string
}

async function makeLink({ services: { store, clock, console } }: AccessParts, { name, grants, by, lifeMs, path }: Making): Promise<Link> {
  const code = newCode()
  const endsAt = new Date(clock.now() + lifeMs).toISOString()
  await store.links.add({ id: newId(), hash: hashOf(code), name, grants, by, endsAt })
  return { code, endsAt, ...(console !== undefined && { url: `${console}${path}${code}` }) }
}

export async function changeUser({ services: { store } }: AccessParts, change: { readonly id: string; readonly grants: readonly Grant[]; readonly version: number }): Promise<User> {
  const changed = await store.users.setGrants(change)
  if (changed === undefined) throw nobody(change.id)
  return changed
}

export async function removeUser({ services: { store } }: AccessParts, id: string): Promise<void> {
  if (!(await store.users.remove(id)) && !(await store.links.remove(id))) throw nobody(id)
}

export interface PasswordChange {
  readonly who: Principal
  /** The session that asks goes on. */
  readonly session: string | undefined
  readonly current: string
  readonly next: string
}

/** Throws `UNAUTHORIZED` when `current` is wrong, `TOO_MANY_ATTEMPTS` as signing in does. */
export async function changePassword({ services: { store }, attempts }: AccessParts, { who, session, current, next }: PasswordChange): Promise<void> {
  const user = who.kind === 'user' ? await store.users.find(who.id) : undefined
  if (user?.passwordHash === undefined) throw new PlimsollError('USAGE', `${who.name} has no password`)
  await attempts.admit(user.name)
  if (!(await isPassword(current, user.passwordHash))) {
    await attempts.failed(user.name)
    throw new PlimsollError('FORBIDDEN', 'The current password is wrong')
  }
  await attempts.succeeded(user.name)
  await store.users.setPassword(user.id, await hashPassword(next))
  await store.sessions.endAll(user.id, session ?? '')
}

function nobody(id: string): PlimsollError {
  return new PlimsollError('NOT_FOUND', `There is no user ${id}`)
}
