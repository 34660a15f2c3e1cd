import { readFileSync } from 'node:fs'
import { grantSchema, PlimsollError, type Grant } from '@plimsoll/model'
import { z } from 'zod'

/** The provider of OpenID Connect at which people may sign in. */
export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  /** Undefined for a client that has none, and is known by its redirect alone. */
  readonly clientSecret: string | undefined
  /** What people call it. */
  readonly name: string
  readonly scopes: string
  readonly nameClaim: string
  readonly groupsClaim: string
  /** What a group gives; `*` is everybody whom the provider lets through. Who gets nothing by this was invited, or does not come in. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>
  /** Where it leads back to. */
  readonly redirectUri: string
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
const claim = z.string().regex(/^[\w:./-]+$/, 'must be the name of a claim')
const isSafe = (text: string): boolean => { const url = new URL(text); return url.protocol === 'https:' || loopback.test(url.hostname) }

const settingsSchema = z.object({
  PLIMSOLL_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).refine(isSafe, 'must begin with https://'),
  PLIMSOLL_OIDC_CLIENT_ID: z.string('must be set too'),
  PLIMSOLL_OIDC_CLIENT_SECRET: z.string().optional(),
  PLIMSOLL_OIDC_CLIENT_SECRET_FILE: z.string().optional().transform(readSecret),
  PLIMSOLL_OIDC_NAME: z.string().trim().max(40).optional(),
  PLIMSOLL_OIDC_SCOPES: z.string().regex(/(?:^| )openid(?: |$)/, 'must have openid among them').default('openid profile'),
  PLIMSOLL_OIDC_NAME_CLAIM: claim.default('preferred_username'),
  PLIMSOLL_OIDC_GROUPS_CLAIM: claim.default('groups'),
  PLIMSOLL_OIDC_GRANTS: z.string().default('').transform(grantsIn),
})

/** Undefined unless an issuer is set. Throws `USAGE` that names everything that is wrong. */
export function readProvider(environment: NodeJS.ProcessEnv, consoleUrl: string | undefined): ProviderSettings | undefined {
  const given = Object.fromEntries(Object.entries(environment).filter(([key, value]) => key.startsWith('PLIMSOLL_OIDC_') && value !== ''))
  if (Object.keys(given).length === 0) return undefined
  const read = settingsSchema.safeParse(given)
  const faults = read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  if (consoleUrl === undefined) faults.push('PLIMSOLL_CONSOLE_URL: must say where the provider leads people back to')
  if (!read.success || consoleUrl === undefined) throw new PlimsollError('USAGE', `The environment of Plimsoll is wrong: ${faults.join('; ')}`)
  const set = read.data
  return {
    issuer: set.PLIMSOLL_OIDC_ISSUER, clientId: set.PLIMSOLL_OIDC_CLIENT_ID, clientSecret: set.PLIMSOLL_OIDC_CLIENT_SECRET_FILE ?? set.PLIMSOLL_OIDC_CLIENT_SECRET,
    name: set.PLIMSOLL_OIDC_NAME ?? new URL(set.PLIMSOLL_OIDC_ISSUER).host, scopes: set.PLIMSOLL_OIDC_SCOPES,
    nameClaim: set.PLIMSOLL_OIDC_NAME_CLAIM, groupsClaim: set.PLIMSOLL_OIDC_GROUPS_CLAIM, grants: set.PLIMSOLL_OIDC_GRANTS,
    redirectUri: `${consoleUrl}/sign-in/callback`,
  }
}

function readSecret(path: string | undefined, context: z.RefinementCtx): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    context.addIssue(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** `ops=admin@*; shop-devs=releaser@shop`: what each group gives, and where. The names of groups of a directory have commas in them, and equals signs. */
function grantsIn(text: string, context: z.RefinementCtx): ReadonlyMap<string, readonly Grant[]> {
  const grants = new Map<string, Grant[]>()
  for (const part of text.split(';').map((each) => each.trim()).filter((each) => each !== '')) {
    const [, group = '', role, app] = /^(.+)=(\w+)@([\w*-]+)$/.exec(part) ?? []
    const read = grantSchema.safeParse({ role, app })
    if (read.success) grants.set(group, [...(grants.get(group) ?? []), read.data])
    else context.addIssue(`"${part}" is no GROUP=ROLE@APP, as in ops=admin@* or shop-devs=releaser@shop`)
  }
  return grants
}
