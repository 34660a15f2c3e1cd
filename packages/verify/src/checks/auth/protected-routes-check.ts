import { listens } from '@plimsoll/model'
import { curlOf, exchange, type Ask } from '../../exchange.ts'
import { findOperations } from '../../openapi/find-operations.ts'
import type { Operation } from '../../openapi/operations.ts'
import { plainAsk } from '../../openapi/plain-ask.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'
import { scratchCopy } from '../scratch-copy.ts'

/** Asks every operation that the OpenAPI document marks as protected, as nobody and as somebody made up. */
export function protectedRoutesCheck(): RehearsalCheck {
  return {
    id: 'auth.protected-routes',
    title: 'Every protected route refuses whoever is not signed in',
    concern: 'auth',
    after: [bootStart],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { units } = await scratchCopy(rehearsal, signal)
      return Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => askUnit(unit, rehearsal.seed, signal)))
    },
  }
}

/** What nobody has ever been given. */
const nonsense = { authorization: 'Bearer plimsoll.made.up', cookie: 'session=plimsoll; token=plimsoll', 'x-api-key': 'plimsoll' }

async function askUnit({ spec: { service }, addresses: [address] }: CopyUnit, seed: number, signal: AbortSignal): Promise<Finding> {
  const operations = address === undefined ? undefined : await findOperations(address, signal)
  if (operations === undefined || address === undefined) return { service, is: 'skipped', finding: `${service} has no OpenAPI document that says which of its routes are protected` }
  const closed = operations.filter(({ security }) => security.length > 0)
  if (closed.length === 0) return { service, is: 'skipped', finding: `The OpenAPI document of ${service} marks no operation as protected`, hint: 'Give protected routes a "security" in their schema: then it is tried that each of them refuses.' }
  const asks = closed.flatMap((operation) => [{}, nonsense].map((headers) => ({ operation, ask: plainAsk({ operation, address, seed }, headers) })))
  const answered = await Promise.all(asks.map(async (each) => ({ ...each, reply: await exchange(each.ask, signal) })))
  const open = answered.flatMap(({ operation, ask, reply }) => (reply.is === 'answer' && (reply.status === 401 || reply.status === 403) ? [] : [{ operation, ask, status: reply.is === 'answer' ? reply.status : 0 }]))
  const letIn = open.find(({ status }) => status > 0 && status < 400)
  const [first] = letIn === undefined ? open : [letIn]
  if (first === undefined) return { service, is: 'pass', finding: `All ${closed.length} protected operations of ${service} refuse without credentials, and with made-up ones` }
  return openFinding(service, first, new Set(open.map(({ operation }) => operation)).size)
}

function openFinding(service: CopyUnit['spec']['service'], { operation: { method, path }, ask, status }: { readonly operation: Operation; readonly ask: Ask; readonly status: number }, count: number): Finding {
  const more = count > 1 ? ` (and ${count - 1} more)` : ''
  const about = { service, is: 'fail', reproduce: curlOf(ask) } as const
  if (status > 0 && status < 400) {
    return { ...about, finding: `${method} ${path} of ${service} is marked as protected and answers ${status} to ${ask.headers?.['authorization'] === undefined ? 'somebody without credentials' : 'made-up credentials'}${more}`, hint: 'See that its authentication hook is registered for this route too.' }
  }
  return { ...about, ...(status > 0 && status < 500 && { weight: 'advice' }), finding: `${method} ${path} of ${service} is marked as protected and answers ${status || 'nothing'} before it asks who wants to know${more}`, hint: 'Ask for credentials first (onRequest), and only then look at what was sent: 401 or 403.' }
}
