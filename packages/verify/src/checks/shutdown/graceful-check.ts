import { Agent, request } from 'node:http'
import type { Address, Instance } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyUnit } from '../../rehearsal/rehearsal.ts'
import { waitUntil } from '../../wait-until.ts'
import { callersFirst } from '../callers-first.ts'
import { bootStart } from '../boot/start-check.ts'
import { endOf } from '../how-it-ended.ts'
import { readsOf } from '../reads-of.ts'
import { holdRequests } from './held-requests.ts'
import { judgeEnd, type Ending } from './judge-end.ts'

/** Ends every service as a deploy does, with requests in flight: what it has accepted it must answer. */
export function gracefulCheck(): RehearsalCheck {
  return {
    id: 'shutdown.graceful',
    title: 'A service that is told to end answers what it has accepted, and ends in time',
    concern: 'shutdown',
    after: [bootStart],
    limitMs: 150_000,
    async ask(rehearsal, signal) {
      await using copy = await rehearsal.raise({ wires: true }, signal)
      const findings: Finding[] = []
      // Whoever asks others ends before them: else it would be seen failing for want of them.
      for (const units of callersFirst(copy.units)) findings.push(...(await Promise.all(units.map(async (unit) => judgeEnd(unit, await end(copy, unit, signal))))))
      return findings
    },
  }
}

/** Longer than that nobody waits in a rehearsal. */
const longestMs = 30_000
/** Who has not ended by then waits for what is in flight. */
const hastyMs = 500

async function end(copy: AppCopy, unit: CopyUnit, signal: AbortSignal): Promise<Ending> {
  const [address] = unit.addresses
  if (address === undefined) await waitUntil(() => isAtWork(copy, unit, signal), atWorkMs, signal)
  const idle = address && (await idleConnection(unit, address, signal))
  const held = address && (await holdRequests({ unit, address, reads: await readsOf(unit, signal), wires: copy.wires }, signal))
  const graceMs = Math.min(unit.spec.maxShutdownDelayMs, longestMs)
  const began = performance.now()
  const told = tell(unit, graceMs, signal)
  const hasty = await waitUntil(() => ended(unit, signal), hastyMs, signal)
  const openAtEnd = hasty === undefined ? 0 : (held?.open() ?? 0)
  const leftBehind = hasty !== undefined && (await stillAnswers(unit, address, signal))
  const replies = (await held?.finish()) ?? []
  const report = await told
  const last = hasty ?? (await waitUntil(() => ended(unit, signal), graceMs - (performance.now() - began), signal))
  const ending: Ending = {
    held: held?.count ?? 0, replies, openAtEnd, graceMs, exit: last?.exit, inTime: last !== undefined && report?.killed !== 1, tookMs: performance.now() - began,
    leftBehind: leftBehind || (last !== undefined && (await stillAnswers(unit, address, signal))),
    log: await unit.log(15, signal),
  }
  idle?.destroy()
  await unit.stop(0, signal)
  return ending
}

const atWorkMs = 3_000

/** What can be seen of a worker from outside: it has printed something, and connected to all that it is told of. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function isAtWork({ wires }: AppCopy, unit: CopyUnit, signal: AbortSignal): Promise<true | undefined> {
  const own = wires.filter(({ from }) => from === unit.spec.service)
  return own.every((wire) => wire.carried() > 0) && (await unit.log(1, signal)).length > 0 ? true : undefined
}

/** By its first process alone, where that differs from what this place does itself. */
async function tell(unit: CopyUnit, graceMs: number, signal: AbortSignal): Promise<{ readonly killed: number } | undefined> {
  if (unit.terminate === undefined) return unit.stop(graceMs, signal)
  await unit.terminate(signal)
  return undefined
}

/** None at all: it was stopped, and is gone. */
async function ended(unit: CopyUnit, signal: AbortSignal): Promise<Pick<Instance, 'exit'> | undefined> {
  return (await unit.instances(signal)).length === 0 ? {} : endOf(unit, signal)
}

/** Somebody answers where nobody runs any more. It may have been started again meanwhile, which is another matter. */
async function stillAnswers(unit: CopyUnit, address: Address | undefined, signal: AbortSignal): Promise<boolean> {
  if (address === undefined) return false
  return (await unit.takes(address, signal)) && (await unit.instances(signal)).every(({ state }) => state !== 'running')
}

/** A connection that a browser, or a proxy, keeps for later: it must hold nobody up. */
async function idleConnection({ spec }: CopyUnit, address: Address, signal: AbortSignal): Promise<Agent> {
  const agent = new Agent({ keepAlive: true })
  await new Promise<void>((resolve) => {
    const asked = request({ host: address.host, port: address.port, path: spec.healthCheckPath ?? '/', agent, signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) }, (response) => {
      response.resume().on('end', resolve).on('error', () => resolve())
    })
    asked.on('error', () => resolve()).end()
  })
  return agent
}
