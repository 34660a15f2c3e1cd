import { listens } from '@plimsoll/model'
import { curlOf, exchange, type Ask } from '../../exchange.ts'
import { leakIn } from '../../leaks-in.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'

/** Asks what nobody offers: a path that is not there, a path that is none, a method that is not meant. */
export function unknownPathsCheck(): RehearsalCheck {
  return {
    id: 'errors.unknown-paths',
    title: 'What is not there is answered with a controlled error',
    concern: 'errors',
    after: [bootStart],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { units } = await rehearsal.shared(signal)
      return (await Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => askUnit(unit, rehearsal.seed, signal)))).flat()
    },
  }
}

const timeoutMs = 10_000

async function askUnit({ spec, addresses: [address] }: CopyUnit, seed: number, signal: AbortSignal): Promise<readonly Finding[]> {
  const { service, healthCheckPath = '/' } = spec
  if (address === undefined) return []
  const asks: readonly Ask[] = [
    { address, path: `/nothing-${seed}`, timeoutMs },
    { address, path: `/nothing-${seed}/${seed}?a=%20`, headers: { accept: 'application/json' }, timeoutMs },
    { address, path: '/%E0%A4%A', timeoutMs },
    { address, path: healthCheckPath, method: 'DELETE', timeoutMs },
  ]
  const answered = await Promise.all(asks.map(async (ask) => ({ ask, reply: await exchange(ask, signal) })))
  for (const { ask, reply } of answered) {
    const what = `${ask.method ?? 'GET'} ${ask.path}`
    const fault = reply.is === 'none' ? `gives no answer (${reply.reason})` : reply.status >= 500 && reply.status !== 501 ? `answers ${reply.status}` : undefined
    const leak = reply.is === 'answer' ? leakIn(reply.status, reply.body) : undefined
    if (fault === undefined && leak === undefined) continue
    return [{
      service, is: 'fail', finding: `${service} ${fault ?? `tells ${leak}`} at ${what}, which is not there`, reproduce: curlOf(ask),
      hint: 'Answer 404 or 405 from one handler for whatever is not found, and say in it no more than a visitor needs.',
    }]
  }
  return [...adviceOn(service, answered), { service, is: 'pass', finding: `${service} answers ${[...new Set(answered.map(({ reply }) => (reply.is === 'answer' ? reply.status : 0)))].join(', ')} where there is nothing` }]
}

type Answered = Awaited<ReturnType<typeof exchange>>

function adviceOn(service: CopyUnit['spec']['service'], answered: readonly { readonly ask: Ask; readonly reply: Answered }[]): readonly Finding[] {
  const [first] = answered
  if (first?.reply.is !== 'answer') return []
  const { status, headers } = first.reply
  const powered = headers['x-powered-by']
  const advice = (finding: string, hint: string): Finding => ({ service, is: 'fail', weight: 'advice', finding, hint, reproduce: curlOf(first.ask) })
  return [
    ...(status < 300 ? [advice(`${service} answers ${status} at ${first.ask.path}, where there is nothing: a link that leads nowhere is never noticed`, 'Answer 404 for a path that no route knows.')] : []),
    ...(powered === undefined ? [] : [advice(`${service} tells everybody what it is made with: x-powered-by: ${String(powered)}`, 'For Next.js set poweredByHeader: false in next.config; for Express app.disable("x-powered-by").')]),
  ]
}
