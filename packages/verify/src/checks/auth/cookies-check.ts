import { listens } from '@plimsoll/model'
import { curlOf, exchange } from '../../exchange.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'
import { readsOf } from '../reads-of.ts'

/** Asks every page and read as a proxy that speaks TLS would, and looks at the cookies that come back. */
export function cookiesCheck(): RehearsalCheck {
  return {
    id: 'auth.cookies',
    title: 'Cookies are kept from scripts, from other sites and from plain connections',
    concern: 'auth',
    after: [bootStart],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { units } = await rehearsal.shared(signal)
      return (await Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => askUnit(unit, signal)))).flat()
    },
  }
}

/** By their name, those that say who somebody is. */
const tellsWho = /sess|sid\b|token|auth|jwt|identity/i
const readByScripts = /csrf|xsrf/i

async function askUnit(unit: CopyUnit, signal: AbortSignal): Promise<readonly Finding[]> {
  const { addresses: [address], spec: { service } } = unit
  if (address === undefined) return []
  const headers = { 'x-forwarded-proto': 'https', accept: 'text/html,*/*' }
  const reads = (await readsOf(unit, signal)).map((path) => ({ address, path, headers, timeoutMs: 10_000 }))
  const replies = await Promise.all(reads.map(async (ask) => ({ ask, reply: await exchange(ask, signal) })))
  const set = new Map(replies.flatMap(({ ask, reply }) => (reply.is === 'answer' ? (reply.headers['set-cookie'] ?? []).map((cookie) => [nameOf(cookie), { cookie, ask }] as const) : [])))
  if (set.size === 0) return [{ service, is: 'skipped', finding: `No page and no read of ${service} sets a cookie; what signing in sets was not seen` }]
  const findings = [...set].flatMap(([name, { cookie, ask }]) => faultsOf(name, cookie).map((fault): Finding => ({ service, is: 'fail', reproduce: curlOf(ask), ...fault })))
  return findings.length > 0 ? findings : [{ service, is: 'pass', finding: `${[...set.keys()].join(', ')} of ${service} ${set.size === 1 ? 'has the flags that it needs' : 'have the flags that they need'}` }]
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
