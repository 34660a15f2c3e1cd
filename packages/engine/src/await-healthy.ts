import { PlimsollError, type Address, type Instance } from '@plimsoll/model'
import type { RunnableUnit } from './driver.ts'
import { inParallel } from './in-parallel.ts'
import type { ProbeResult } from './probe.ts'
import type { ReleaseContext } from './release-context.ts'

/**
 * Returns when every instance of `unit` has answered well `successes` times in a row: on its Blueprint's health path; without one, by the check that its
 * image brings along; without either, by taking a connection. Fails at once, with its
 * last 50 lines, when one exits (`CANDIDATE_EXITED`); after the gate's deadline with what was seen instead:
 * `CANDIDATE_UNREACHABLE` when nothing listens where it should, else `CANDIDATE_UNHEALTHY`. `answered` is told once, when
 * every instance has answered well for the first time.
 */
export async function awaitHealthy(context: ReleaseContext, unit: RunnableUnit, answered: () => void = () => undefined): Promise<void> {
  const addresses = await context.driver.addresses(context.app, unit.unit, unit.spec)
  const silent = new Set(addresses)
  await inParallel(context, addresses, (address, each) => awaitAddress(each, unit, { address, well: () => silent.delete(address) && silent.size === 0 && answered() }))
}

interface Waited {
  readonly address: Address
  /** Told of each good answer. */
  readonly well: () => unknown
}

async function awaitAddress(context: ReleaseContext, unit: RunnableUnit, { address, well }: Waited): Promise<void> {
  const { gate, clock, signal } = context
  const deadline = clock.now() + gate.deadlineMs
  let inARow = 0
  let last: Answer = { is: 'unreachable', reason: 'not asked yet' }
  while (inARow < gate.successes) {
    await assertRunning(context, unit)
    last = await ask(context, unit, address)
    inARow = last.is === 'healthy' ? inARow + 1 : 0
    if (last.is === 'healthy') well()
    if (inARow >= gate.successes) return
    if (clock.now() >= deadline) throw await notHealthy(context, unit, { address, last })
    await clock.sleep(last.is === 'unreachable' ? gate.intervalMs / 10 : gate.intervalMs, signal)
  }
}

/** `unwell` is what a check says that the image brings along. */
type Answer = ProbeResult | { readonly is: 'unwell'; readonly health: NonNullable<Instance['health']> }

async function ask(context: ReleaseContext, unit: RunnableUnit, address: Address): Promise<Answer> {
  const { probe, gate, signal } = context
  const path = unit.spec.healthCheckPath
  const question = { address, timeoutMs: gate.timeoutMs }
  if (path !== undefined) return probe.http({ ...question, path }, signal)
  const instance = (await instancesOf(context, unit)).find((each) => each.address?.host === address.host && each.address.port === address.port)
  if (instance?.health !== undefined && instance.health.is !== 'healthy') return { is: 'unwell', health: instance.health }
  return probe.tcp(question, signal)
}

/** A candidate that ended once will not be trusted with traffic, even if the place has started it again. */
export async function assertRunning(context: ReleaseContext, unit: RunnableUnit): Promise<void> {
  const { proven } = context.gate
  const ended = (await instancesOf(context, unit)).find((each) => each.state === 'exited' || (!proven && (each.state === 'backing-off' || each.restarts > 0)))
  if (ended === undefined) return
  throw new PlimsollError('CANDIDATE_EXITED', `${unit.spec.service} ended${howItEnded(ended)} before it was healthy (${unit.spec.startCommand ?? 'no start command'})`, {
    hint: `Read its last lines above, or run: plimsoll logs ${unit.spec.service} --release ${unit.unit.release}`,
    details: { service: unit.spec.service, log: await lastLines(context, unit) },
  })
}

function howItEnded({ exit }: Instance): string {
  if (exit === undefined) return ''
  const how = exit.signal === null ? ` with status ${exit.code}` : ` by ${exit.signal}`
  return exit.because === undefined ? how : `${how}, because ${exit.because},`
}

async function notHealthy(context: ReleaseContext, unit: RunnableUnit, seen: { address: Address; last: Answer }): Promise<PlimsollError> {
  const { spec } = unit
  const seconds = Math.round(context.gate.deadlineMs / 1000)
  const details = { service: spec.service, log: await lastLines(context, unit) }
  if (seen.last.is === 'unwell') {
    const { is, says } = seen.last.health
    return new PlimsollError('CANDIDATE_UNHEALTHY', `The health check of ${spec.service}'s image said "${is}" for ${seconds} s${says === '' ? '' : `: ${says}`}`, {
      hint: `What it runs is in the Dockerfile, behind HEALTHCHECK. A healthCheckPath in the Blueprint is asked in its place.`, details,
    })
  }
  if (seen.last.is !== 'unhealthy') {
    const listening = (await Promise.all((await instancesOf(context, unit)).map((each) => context.listening(each)))).flat()
    return new PlimsollError('CANDIDATE_UNREACHABLE', `${spec.service} did not answer on ${seen.address.host}:${seen.address.port} within ${seconds} s: ${whatListens(listening)}`, {
      hint: hintFor(listening, seen.address), details,
    })
  }
  return new PlimsollError('CANDIDATE_UNHEALTHY', `${spec.service} answered GET ${spec.healthCheckPath ?? '/'} with ${seen.last.status} for ${seconds} s`, {
    hint: 'A health path must answer 2xx or 3xx once the service can take requests.', details: { ...details, body: seen.last.body },
  })
}

function whatListens(listening: readonly Address[]): string {
  if (listening.length === 0) return 'it has opened no port'
  return `it listens on ${listening.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ')} instead`
}

function hintFor(listening: readonly Address[], wanted: Address): string {
  if (listening.some(({ port }) => port === wanted.port)) return 'Listen on host "0.0.0.0": "localhost" may be only one of 127.0.0.1 and ::1.'
  if (listening.length > 0) return 'Listen on the port that the environment variable PORT names.'
  return 'Check that the start command starts the server, and that it listens on 0.0.0.0 and PORT.'
}

async function instancesOf(context: ReleaseContext, unit: RunnableUnit): Promise<readonly Instance[]> {
  const all = await context.driver.observe(context.app, context.signal)
  return all.filter((each) => each.unit.name === unit.unit.name)
}

/** The last 50 lines that the unit's instances printed. */
export async function lastLines(context: ReleaseContext, unit: RunnableUnit): Promise<string[]> {
  const lines: string[] = []
  for await (const line of context.driver.logs({ app: context.app, unit: unit.unit, tail: 50, follow: false }, context.signal)) lines.push(line.text)
  return lines.slice(-50)
}
