import { Agent } from 'node:http'
import fc from 'fast-check'
import { listens, type Address } from '@plimsoll/model'
import { curlOf, exchange, type Ask, type Reply } from '../../exchange.ts'
import { documentPaths, findOperations } from '../../openapi/find-operations.ts'
import { faultIn } from '../../openapi/judge-reply.ts'
import type { Operation } from '../../openapi/operations.ts'
import { askWith } from '../../openapi/plain-ask.ts'
import { nicelyToldTo, wronglyToldTo, type Case } from '../../openapi/told-to.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'
import { scratchCopy } from '../scratch-copy.ts'

/** Sends every operation of an OpenAPI document what it asks for, and what it does not, and shrinks what goes wrong to the smallest request that shows it. */
export function generatedRequestsCheck(): RehearsalCheck {
  return {
    id: 'errors.generated-requests',
    title: 'Whatever a service is sent, it answers as its OpenAPI document says, and never fails',
    concern: 'errors',
    after: [bootStart],
    limitMs: 120_000,
    async ask(rehearsal, signal) {
      const { units } = await scratchCopy(rehearsal, signal)
      return (await Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => askUnit(unit, rehearsal.seed, signal)))).flat()
    },
  }
}

/** For each operation, beside every way to get it wrong; what it costs is bounded by the time as well. */
const nicely = 20
const wholeMs = 6_000
/** How many operations are asked at once. */
const width = 4
const mostShown = 5

async function askUnit({ spec: { service }, addresses: [address] }: CopyUnit, seed: number, signal: AbortSignal): Promise<readonly Finding[]> {
  const operations = address === undefined ? undefined : await findOperations(address, signal)
  if (operations === undefined || address === undefined) {
    return [{ service, is: 'skipped', finding: `${service} has no OpenAPI document at any of ${documentPaths.slice(0, 4).join(', ')}`, hint: 'In Fastify @fastify/swagger makes one of the schemas of the routes.' }]
  }
  const waiting = [...operations]
  const until = performance.now() + wholeMs
  let sent = 0
  const faults: Finding[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: width })
  const lane = async (): Promise<void> => {
    for (let operation = waiting.shift(); operation !== undefined; operation = waiting.shift()) {
      const timeMs = Math.max(200, (until - performance.now()) / Math.max(1, Math.ceil((waiting.length + 1) / width)))
      const asked = await tryOperation({ operation, address, seed, timeMs, agent }, signal)
      sent += asked.sent
      if (asked.fault !== undefined) faults.push(findingOf(service, { operation, address }, asked.fault))
    }
  }
  await Promise.all(Array.from({ length: width }, lane)).finally(() => agent.destroy())
  if (faults.length > 0) return faults.slice(0, mostShown)
  return [{ service, is: 'pass', finding: `${operations.length} operations of ${service} answered ${sent} generated requests as documented, or with an error of their own (seed ${seed})` }]
}

interface Trying {
  readonly operation: Operation
  readonly address: Address
  readonly seed: number
  readonly timeMs: number
  readonly agent: Agent
}

interface Fault {
  readonly smallest: Case
  readonly what: string
}

async function tryOperation({ operation, address, seed, timeMs, agent }: Trying, signal: AbortSignal): Promise<{ readonly sent: number; readonly fault: Fault | undefined }> {
  let sent = 0
  let isSlow = false
  const faults = new Map<Case, string>()
  const isWell = async (one: Case): Promise<boolean> => {
    // Some take their time because they were asked to; there is no time for many of those.
    if (isSlow) return true
    sent += 1
    const reply = await patiently({ ...askWith({ operation, address }, one.told), agent }, signal)
    isSlow = reply.ms > slowMs
    const fault = faultIn(reply, operation)
    if (fault !== undefined) faults.set(one, fault)
    return fault === undefined
  }
  const examples = wronglyToldTo(operation, seed).map((each): [Case] => [each])
  const { counterexample } = await fc.check(fc.asyncProperty(nicelyToldTo(operation), isWell), { seed, examples, numRuns: examples.length + nicely, interruptAfterTimeLimit: timeMs, markInterruptAsFailure: false })
  signal.throwIfAborted()
  const [smallest] = counterexample ?? []
  if (smallest === undefined) return { sent, fault: undefined }
  return { sent, fault: { smallest, what: faults.get(smallest) ?? 'failed' } }
}

const slowMs = 2_000
const patientMs = 15_000

/** Asks again where a kept connection was closed, which a server may do at any moment, and waits longer where nothing came: slow is not stuck. */
async function patiently(ask: Ask, signal: AbortSignal): Promise<Reply> {
  const reply = await exchange(ask, signal)
  if (reply.is === 'answer') return reply
  const { agent: _agent, ...alone } = ask
  const again = await exchange({ ...alone, timeoutMs: patientMs }, signal)
  return again.is === 'answer' && reply.reason === 'timeout' ? { ...again, ms: again.ms + reply.ms } : again
}

function findingOf(service: CopyUnit['spec']['service'], { operation, address }: Pick<Trying, 'operation' | 'address'>, { smallest: { kind, told }, what }: Fault): Finding {
  return {
    service, is: 'fail', finding: `${operation.method} ${operation.path} of ${service} ${what} when it is sent ${kind === 'as documented' ? 'what its document allows' : kind}`,
    reproduce: curlOf(askWith({ operation, address }, told)),
    hint: what.includes('document') ? 'Let the document say what is answered, or answer what it says.' : 'Refuse with 400 what cannot be right before it is used: in the schema of the route, which is checked first.',
  }
}
