import { listens } from '@plimsoll/model'
import type { SignIn } from '@plimsoll/testing/config-schema'
import { curlOf, exchange, type Ask, type Reply } from '../../exchange.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'
import { readsOf } from '../reads-of.ts'

/** Asks every page and read, and signs in where it is known how, as a proxy that speaks TLS would, and looks at the cookies that come back. */
export function cookiesCheck(): RehearsalCheck {
  return {
    id: 'auth.cookies',
    title: 'Cookies are kept from scripts, from other sites and from plain connections',
    concern: 'auth',
    after: [bootStart],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { units } = await rehearsal.shared(signal)
      const signIn = (unit: CopyUnit): SignIn | undefined => (rehearsal.signIn?.service === unit.spec.service ? rehearsal.signIn : undefined)
      return (await Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => askUnit(unit, signIn(unit), signal)))).flat()
    },
  }
}

/** By their name, those that say who somebody is. */
const tellsWho = /sess|sid\b|token|auth|jwt|identity/i
const readByScripts = /csrf|xsrf/i

async function askUnit(unit: CopyUnit, signIn: SignIn | undefined, signal: AbortSignal): Promise<readonly Finding[]> {
  const { addresses: [address], spec: { service } } = unit
  if (address === undefined) return []
  const headers = { 'x-forwarded-proto': 'https', accept: 'text/html,*/*' }
  const reads = (await readsOf(unit, signal)).map((path): Ask => ({ address, path, headers, timeoutMs: 10_000 }))
  const signing: readonly Ask[] = signIn === undefined ? [] : [{ address, path: signIn.path, method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(signIn.fields), timeoutMs: 10_000 }]
  const replies = await Promise.all([...signing, ...reads].map(async (ask) => ({ ask, reply: await exchange(ask, signal) })))
  const refused = signIn === undefined ? [] : notSignedIn(service, signIn, replies[0]?.reply)
  const set = new Map(replies.flatMap(({ ask, reply }) => (reply.is === 'answer' ? (reply.headers['set-cookie'] ?? []).map((cookie) => [nameOf(cookie), { cookie, ask }] as const) : [])))
  if (set.size === 0 && refused.length > 0) return refused
  if (set.size === 0) return [{ service, is: 'skipped', finding: signIn === undefined ? `No page and no read of ${service} sets a cookie; what signing in sets was not seen` : `Neither a page, nor a read, nor signing in to ${service} sets a cookie`, ...(signIn === undefined && { hint: 'Say how one signs in: signIn in plimsoll.config.ts.' }) }]
  const findings = [...set].flatMap(([name, { cookie, ask }]) => faultsOf(name, cookie).map((fault): Finding => ({ service, is: 'fail', reproduce: curlOf(ask), ...fault })))
  return findings.length > 0 ? [...findings, ...refused] : [...refused, { service, is: 'pass', finding: `${[...set.keys()].join(', ')} of ${service} ${set.size === 1 ? 'has the flags that it needs' : 'have the flags that they need'}` }]
}

/** What the configuration says is then wrong, or the app is: either way nobody has seen that cookie. */
function notSignedIn(service: CopyUnit['spec']['service'], { path }: SignIn, reply: Reply | undefined): readonly Finding[] {
  if (reply?.is === 'answer' && reply.status < 400) return []
  return [{ service, is: 'inconclusive', weight: 'advice', finding: `Signing in to ${service} at ${path}, as plimsoll.config.ts says, ${reply?.is === 'answer' ? `answers ${reply.status}` : 'has no answer'}: what that sets was not seen` }]
}

function nameOf(cookie: string): string {
  return cookie.slice(0, cookie.indexOf('='))
}

function faultsOf(name: string, cookie: string): Pick<Finding, 'finding' | 'hint' | 'weight'>[] {
  const flags = cookie.split(';').slice(1).map((flag) => flag.trim().toLowerCase())
  const who = tellsWho.test(name) && !readByScripts.test(name)
  const secure = flags.includes('secure')
  const sameSite = flags.find((flag) => flag.startsWith('samesite='))
  return [
    ...(who && !flags.includes('httponly') ? [{ finding: `The cookie ${name} tells who somebody is, and every script of a page can read it: it is not HttpOnly`, hint: 'Set httpOnly: true.' }] : []),
    ...(sameSite === 'samesite=none' && !secure ? [{ finding: `Browsers refuse the cookie ${name}: SameSite=None needs Secure`, hint: 'Set secure: true, or sameSite: "lax".' }] : []),
    ...(who && sameSite === undefined ? [{ weight: 'advice' as const, finding: `The cookie ${name} does not say whether other sites may send it (SameSite)`, hint: 'Set sameSite: "lax".' }] : []),
    // Over plain HTTP it may be left away on purpose; it was told that this is TLS, and may not believe it.
    ...(who && !secure && sameSite !== 'samesite=none' ? [{ weight: 'advice' as const, finding: `The cookie ${name} is not Secure, though it was asked for as if over TLS`, hint: 'Set secure: true in production, or trust the proxy that says so (trustProxy).' }] : []),
  ]
}
