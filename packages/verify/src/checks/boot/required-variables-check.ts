import { listens, type Environment } from '@plimsoll/model'
import { exchange } from '../../exchange.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { waitUntil } from '../../wait-until.ts'
import { endOf, howItEnded } from '../how-it-ended.ts'
import { fewReadsOf } from '../reads-of.ts'
import { callersFirst } from '../callers-first.ts'
import { bootStart } from './start-check.ts'

/**
 * Starts every service without each variable that the Blueprint gives it, those together that it names together. Who needs it is to say so at once and by name: what is found
 * missing by a visitor was found too late. Everything is advice, because in what would be released every one of them is set.
 */
export function requiredVariablesCheck(): RehearsalCheck {
  return {
    id: 'environment.required',
    title: 'A service that misses a variable says so when it starts, by name',
    concern: 'environment',
    after: [bootStart],
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      const began = performance.now()
      await using copy = await rehearsal.raise({}, signal)
      const wholeMs = performance.now() - began
      const findings: Finding[] = []
      // One after the other, and whoever asks others before those: what a service answers depends on whom it reaches.
      const units = callersFirst(copy.units).flat()
      for (const [at, unit] of units.entries()) {
        findings.push(...(await tryWithout({ rehearsal, unit, wholeMs, until: began + budgetMs }, signal)))
        if (units.slice(at + 1).some(({ spec }) => spec.reaches.includes(unit.spec.service))) await unit.start(signal)
      }
      return findings
    },
  }
}

/** No further variable is tried after this. */
const budgetMs = 90_000
/** More than these are not tried: each costs a start. */
const mostVariables = 15
/** Within which whoever needs a variable says so; longer only where the plan, or the machine, lets the app start slowly with everything set. */
const promptMs = 10_000
/** Times what a whole copy takes then. */
const slowest = 3
const mostReads = 8
/** Who is quiet for that long and does not listen runs. */
const workerMs = 1_500

interface Trying {
  readonly rehearsal: Rehearsal
  readonly unit: CopyUnit
  /** What it took to raise it with everything set, and all others with it. */
  readonly wholeMs: number
  /** By `performance.now()`. */
  readonly until: number
}

async function tryWithout({ rehearsal, unit, wholeMs, until }: Trying, signal: AbortSignal): Promise<readonly Finding[]> {
  const { service } = unit.spec
  const declared = declaredBy(rehearsal, unit)
  if (declared.length === 0) return [{ service, is: 'skipped', finding: `${service} has no variable that could be missing` }]
  const reads = await fewReadsOf(unit, mostReads, signal)
  await unit.stop(0, signal)
  const withinMs = Math.max(promptMs, slowest * wholeMs)
  const findings: Finding[] = []
  const wanted = declared.slice(0, mostVariables)
  const tried: string[] = [...(await namedTogether(unit, { reads, without: wanted, withinMs }, signal))]
  for (const key of wanted.filter((each) => !tried.includes(each))) {
    if (performance.now() > until) break
    tried.push(key)
    const finding = judge(unit, key, await startWith(unit, { reads, without: [key], withinMs }, signal))
    if (finding !== undefined) findings.push(finding)
  }
  const untried = declared.length === tried.length ? '' : ` (${declared.length - tried.length} more were not tried)`
  if (findings.length > 0) return findings
  if (tried.length === 0) return [{ service, is: 'skipped', finding: `There was no time to start ${service} without any of ${declared.join(', ')}` }]
  return [{ service, is: 'pass', finding: `${service} starts well, or says what it misses, without each of ${tried.join(', ')}${untried}` }]
}

/**
 * Which of `without` it names when all of them are missing: one that is asked for then is asked for too, or not needed, when it is missing alone. What
 * says all faults at once is done with one start; what stops at the first is started again without the rest, for as long as that tells something new.
 */
async function namedTogether(unit: CopyUnit, attempt: Attempt, signal: AbortSignal): Promise<readonly string[]> {
  if (attempt.without.length < 2) return []
  const { is, log } = await startWith(unit, attempt, signal)
  const named = is === 'ended' ? attempt.without.filter((key) => isNamed(key, log)) : []
  if (named.length === 0) return []
  return [...named, ...(await namedTogether(unit, { ...attempt, without: attempt.without.filter((key) => !named.includes(key)) }, signal))]
}

/** As a whole word: `URL` is not named by `API_URL`. */
function isNamed(key: string, log: readonly string[]): boolean {
  const whole = new RegExp(`(?<!\\w)${key.replaceAll(/\W/g, '\\$&')}(?!\\w)`)
  return log.some((line) => whole.test(line))
}

/** Those that may be missing one day: what stands in the Blueprint itself may not, nor what the platform gives, and what a build has baked in is not read again. */
function declaredBy({ environments, artifacts }: Rehearsal, { spec, environment }: CopyUnit): readonly string[] {
  const known = environments[spec.service] ?? {}
  const baked = artifacts[spec.service]?.publicValues ?? {}
  return Object.keys(environment).filter((key) => !(key in baked) && !key.startsWith('RENDER_') && !isGiven(known[key])).toSorted()
}

/** An address is known only where something runs, and so is missing here. */
function isGiven(variable: Environment[string] | undefined): boolean {
  if (variable === undefined) return false
  const { origin, secret } = variable
  return origin === 'injected' || origin.startsWith('made by Plimsoll') || (!secret && (origin === 'value' || origin.startsWith('group')))
}

interface Start {
  /** `healthy`, `ended`, or neither in time. */
  readonly is: 'healthy' | 'ended' | 'silent'
  readonly how: string
  readonly tookMs: number
  readonly log: readonly string[]
  /** path → its status, 0 for none. */
  readonly answers: ReadonlyMap<string, number>
}

interface Attempt {
  /** What it answers well with everything set. */
  readonly reads: readonly string[]
  /** The variables that are left out. */
  readonly without: readonly string[]
  readonly withinMs: number
}

async function startWith(unit: CopyUnit, { reads, without, withinMs }: Attempt, signal: AbortSignal): Promise<Start> {
  const began = performance.now()
  try {
    await unit.begin(signal, Object.fromEntries(without.map((key) => [key, undefined])))
    const end = await waitUntil(async () => (await endOf(unit, signal)) ?? ((await isUp(unit, signal)) ? 'healthy' : undefined), listens(unit.spec.kind) ? withinMs : workerMs, signal)
    const tookMs = performance.now() - began
    const answers = end === 'healthy' ? await answersOf(unit, reads, signal) : new Map<string, number>()
    const how = end === undefined || end === 'healthy' ? '' : howItEnded(end)
    return { is: end === 'healthy' ? 'healthy' : end === undefined ? 'silent' : 'ended', how, tookMs, log: await unit.log(40, signal), answers }
  } finally {
    await unit.stop(0, signal)
  }
}

async function isUp({ spec, addresses: [address] }: CopyUnit, signal: AbortSignal): Promise<boolean> {
  if (address === undefined) return false
  const reply = await exchange({ address, path: spec.healthCheckPath ?? '/', timeoutMs: 3_000 }, signal)
  return reply.is === 'answer' && (spec.healthCheckPath === undefined || reply.status < 400)
}

async function answersOf({ addresses: [address] }: CopyUnit, paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  if (address === undefined) return new Map()
  return new Map(await Promise.all(paths.map(async (path) => {
    const reply = await exchange({ address, path, timeoutMs: 5_000 }, signal)
    return [path, reply.is === 'answer' ? reply.status : 0] as const
  })))
}

function judge({ spec: { service, kind } }: CopyUnit, key: string, { is, how, tookMs, log, answers }: Start): Finding | undefined {
  const advice = (finding: string, hint: string): Finding => ({ service, is: 'fail', weight: 'advice', finding, hint, evidence: [{ title: 'Its last lines', text: log.join('\n') }] })
  const hint = 'Read the whole environment once, at the start, with a schema that says what is wrong with which variable.'
  if (is === 'ended') {
    if (isNamed(key, log)) return undefined
    return advice(`${service} ends${how} without ${key}, and nothing that it prints names it`, hint)
  }
  if (is === 'silent' && kind !== 'worker') return advice(`${service} neither gets healthy nor ends within ${Math.round(tookMs / 1000)} s without ${key}`, hint)
  const [broken] = [...answers].filter(([, status]) => status === 0 || status >= 500)
  if (broken === undefined) return undefined
  const [path, status] = broken
  return advice(`${service} starts well without ${key}, and then ${status === 0 ? 'gives no answer' : `answers ${status}`} at ${path}: a visitor would be the first to know`, hint)
}
