import { PlimsollError, userNameSchema, type Grant, type Principal, type Session, type User } from '@plimsoll/model'
import type { Expected, Identified, ProviderClient } from './provider-client.ts'
import type { ProviderSettings } from './provider-settings.ts'
import { hashOf, newId, newSecret, prefixes } from './secrets.ts'
import { beginSession, noLink, principalOf, type AccessParts } from './sessions.ts'

/** Lets people in by what a provider says of them. */
export interface ByProvider {
  /** Begins an attempt. `attempt` is for this browser alone, and works once. */
  leave(wish: { readonly invitation?: string | undefined }): Promise<{ readonly url: string; readonly attempt: string; readonly endsAt: string }>
  /** Ends it. Throws `UNAUTHORIZED` for what proves nothing, `FORBIDDEN` for somebody who is known there and not here, `PROVIDER_DOWN`. */
  come(back: { readonly attempt: string; readonly answer: string }): Promise<{ readonly session: Session; readonly who: Principal; readonly identity: Pick<Identified, 'issuer' | 'subject'> }>
}

interface Attempt {
  readonly expected: Expected
  readonly invitation: string | undefined
  readonly endsAt: number
}

/** How long somebody may take at the provider; and how many may be there at once, which are forgotten when Plimsoll starts again. */
const attemptMs = 10 * 60_000
const mostAttempts = 1_000

interface ProviderParts extends AccessParts {
  readonly settings: Pick<ProviderSettings, 'name' | 'grants'>
  readonly client: () => Promise<ProviderClient>
}

export function signingInBy({ services, settings, client }: Omit<ProviderParts, 'attempts'>): ByProvider {
  const attempts = new Map<string, Attempt>()
  return {
    async leave({ invitation }) {
      const { url, expected } = await (await client()).leave()
      const attempt = newSecret(prefixes.attempt)
      const endsAt = services.clock.now() + attemptMs
      for (const oldest of [...attempts.keys()].slice(0, Math.max(0, attempts.size + 1 - mostAttempts))) attempts.delete(oldest)
      attempts.set(hashOf(attempt), { expected, invitation, endsAt })
      return { url, attempt, endsAt: new Date(endsAt).toISOString() }
    },
    async come({ attempt, answer }) {
      const key = hashOf(attempt)
      const begun = attempts.get(key)
      // Before it is looked at: of two answers to one attempt, the second finds nothing.
      attempts.delete(key)
      if (begun === undefined || begun.endsAt < services.clock.now()) throw new PlimsollError('UNAUTHORIZED', 'This sign-in is over, or was not begun in this browser', { hint: 'Sign in once more, from the beginning.' })
      const identified = await (await client()).identify(answer, begun.expected)
      const found = { services, settings, identified }
      const user = begun.invitation === undefined ? await userWhoComes(found) : await userWhoWasInvited(found, begun.invitation)
      const session = await beginSession(services, principalOf(user))
      return { session, who: session.who, identity: identified }
    },
  }
}

interface Found extends Pick<ProviderParts, 'services' | 'settings'> {
  readonly identified: Identified
}

/** Somebody who was here before, or comes by their groups. Nobody is taken for another for a name or an address that is the same. */
async function userWhoComes({ services, settings: { name: provider, grants }, identified }: Found): Promise<User> {
  const { store } = services
  const given = grantsOf(identified, grants)
  const known = await store.identities.find(identified)
  const user = known && (await store.users.find(known.userId))
  if (user !== undefined && known?.byGroup === false) return user
  if (user !== undefined) return withGrants(services, user, { given, provider })
  if (given.length === 0) throw unknown(provider)
  const name = userNameSchema.safeParse(identified.name)
  if (!name.success) throw new PlimsollError('FORBIDDEN', `${provider} does not say what you are called`, { hint: 'Whoever looks after this Plimsoll finds the claim in PLIMSOLL_OIDC_NAME_CLAIM.' })
  if ((await store.users.named(name.data)) !== undefined) throw new PlimsollError('FORBIDDEN', `Somebody is called ${name.data} here already, and nobody has said that it is you`, { hint: 'An admin can: by an invitation under that name.' })
  const at = new Date(services.clock.now()).toISOString()
  return store.identities.join({ id: newId(), name: name.data, passwordHash: null, grants: given, at }, { ...identified, byGroup: true })
}

/** What their groups give them now is what they may do now. Who has none left is sent off from where they still are, and their tokens can do nothing. */
async function withGrants({ store }: AccessParts['services'], user: User, { given, provider }: { readonly given: readonly Grant[]; readonly provider: string }): Promise<User> {
  const changed = JSON.stringify(given) === JSON.stringify(user.grants) ? user : ((await store.users.setGrants({ id: user.id, grants: given, version: user.version })) ?? user)
  if (given.length > 0) return changed
  await store.sessions.endAll(user.id, '')
  throw unknown(provider)
}

/** Whoever holds an invitation says by it who they are here; the provider only lets them come again. */
async function userWhoWasInvited({ services, identified }: Found, code: string): Promise<User> {
  const { store, clock } = services
  const at = new Date(clock.now()).toISOString()
  const link = await store.links.find(hashOf(code), at)
  if (link === undefined || link.name === null) throw noLink()
  const before = await store.users.named(link.name)
  const known = await store.identities.find(identified)
  if (known !== undefined && known.userId !== before?.id) throw new PlimsollError('FORBIDDEN', `You are known here already, and not as ${link.name}`, { hint: 'Sign in as whom you are known, or ask an admin.' })
  if ((await store.links.use(hashOf(code), at)) === undefined) throw noLink()
  if (before === undefined) return store.identities.join({ id: newId(), name: link.name, passwordHash: null, grants: link.grants, at }, { ...identified, byGroup: false })
  await store.identities.link({ issuer: identified.issuer, subject: identified.subject, userId: before.id, byGroup: false, at })
  await store.sessions.endAll(before.id, '')
  return before
}

function grantsOf({ groups }: Identified, grants: ProviderSettings['grants']): readonly Grant[] {
  return [...grants].flatMap(([group, given]) => (group === '*' || groups.includes(group) ? given : []))
}

function unknown(provider: string): PlimsollError {
  return new PlimsollError('FORBIDDEN', `${provider} knows you, and this Plimsoll does not`, { hint: 'Ask an admin for an invitation, and follow it.' })
}
