import { isAsMuchAs, PlimsollError, roleIn, type Route } from '@plimsoll/model'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Attempts } from '../access/attempts.ts'
import type { Known, KnowWho } from '../access/who-asks.ts'
import type { AuditTrail } from './audit-trail.ts'
import { documentationPath } from './serve-documentation.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What of the contract is served here. */
    readonly asks?: Route
  }
  interface FastifyRequest {
    /** Who asks; null where that does not matter. */
    known: Known | null
    /** Whether they still may: for an answer that goes on for hours. */
    stillMay(): Promise<boolean>
  }
}

const loopbackHosts = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

export interface Guarding {
  /** Who may ask: this machine, or everybody who reaches the port. */
  readonly from: 'this machine' | 'everywhere'
  readonly knowWho: KnowWho
  readonly attempts: Attempts
  readonly trail: AuditTrail
}

/**
 * Lets in only whom the asked route is for, before a byte of the body is read. From this machine only under a loopback name: a web page in the same
 * browser that makes its own host name point here is refused before anything else is looked at.
 */
export function guard(api: FastifyInstance, { from, knowWho, attempts, trail }: Guarding): void {
  api.decorateRequest('known', null)
  api.decorateRequest('stillMay', async () => true)
  api.addHook('onRequest', async (request) => {
    if (from === 'this machine' && !loopbackHosts.test(request.headers.host ?? '')) throw new PlimsollError('UNAUTHORIZED', `Plimsoll does not answer to the name "${request.headers.host ?? ''}"`)
    if (request.routeOptions.url?.startsWith(documentationPath) === true) return
    const route = request.routeOptions.config.asks
    if (route?.needs === 'nothing') {
      if (route.method !== 'GET' && route.signed !== true) await attempts.note(request.ip)
      return
    }
    const known = await knowWho(request.headers.authorization)
    if (known === undefined) throw new PlimsollError('UNAUTHORIZED', 'The token is missing, wrong, or over', { hint: 'That of this machine is in the file api/token of the state directory, readable by its owner only. In a browser: plimsoll console' })
    request.known = known
    request.stillMay = async () => {
      const now = await knowWho(request.headers.authorization)
      return now !== undefined && (route === undefined || refusalOf(route, now, request) === undefined)
    }
    if (route === undefined || route.needs === 'to be known') return
    const refusal = refusalOf(route, known, request)
    if (refusal === undefined) return
    await trail.refused({ request, route, code: refusal.code })
    throw refusal
  })
}

function refusalOf({ path, needs, summary }: Route, { who }: Known, request: FastifyRequest): PlimsollError | undefined {
  if (needs === 'nothing' || needs === 'to be known') return undefined
  const app = path.includes(':app') ? (request.params as Readonly<Record<string, string>>)['app'] : undefined
  const role = roleIn(who.grants, app)
  if (isAsMuchAs(role, needs)) return undefined
  // Who may not see an app is not told whether there is one.
  if (app !== undefined && role === undefined) return new PlimsollError('NOT_FOUND', `There is no app ${app}`)
  return new PlimsollError('FORBIDDEN', `${who.name} is ${role === undefined ? 'not known' : `${role === 'admin' ? 'an' : 'a'} ${role}`}${app === undefined ? ' in all of Plimsoll' : ` of ${app}`}, and this needs ${needs === 'admin' ? 'an admin' : `a ${needs}`}: ${summary}`, { hint: 'Whoever may change that finds it in the console under People.' })
}
