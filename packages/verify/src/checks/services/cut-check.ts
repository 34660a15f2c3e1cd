import { listens } from '@plimsoll/model'
import { curlOf, exchange, type Reply } from '../../exchange.ts'
import { leakIn } from '../../leaks-in.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyUnit, Wire } from '../../rehearsal/rehearsal.ts'
import { waitUntil } from '../../wait-until.ts'
import { bootStart } from '../boot/start-check.ts'
import { endOf, howItEnded } from '../how-it-ended.ts'
import { fewReadsOf, isWell } from '../reads-of.ts'
import { carriesTraffic } from './carries-traffic-check.ts'
import { wiredCopy } from './wired-copy.ts'

/** Cuts each connection in turn and asks whoever used it: it is to say so soon and in its own words, to live on, and to recover. */
export function cutCheck(limits: CutLimits = usualLimits): RehearsalCheck {
  return {
    id: 'services.cut',
    title: 'A service whose connection is cut answers with a controlled error, and recovers',
    concern: 'services',
    after: [bootStart, carriesTraffic],
    limitMs: 150_000,
    async ask(rehearsal, signal) {
      const copy = await wiredCopy(rehearsal, signal)
      const used = copy.wires.filter((wire) => wire.carried() > 0)
      if (used.length === 0) {
        await copy.remove()
        return [{ is: 'skipped', finding: copy.wires.length === 0 ? 'No connection can be cut in this place, or there is none' : 'No connection was used that could be cut' }]
      }
      const findings: Finding[] = []
      for (const wire of used) findings.push(await cut({ copy, wire, limits }, signal))
      await copy.remove()
      return findings
    },
  }
}

export interface CutLimits {
  /** Longer than that no visitor waits for an error. */
  readonly longestMs: number
  readonly recoverMs: number
}

const usualLimits: CutLimits = { longestMs: 10_000, recoverMs: 20_000 }
const mostReads = 6
/** What ends when a connection breaks ends within this. */
const livesMs = 700

interface Cutting {
  readonly copy: AppCopy
  readonly wire: Wire
  readonly limits: CutLimits
}

async function cut({ copy, wire, limits }: Cutting, signal: AbortSignal): Promise<Finding> {
  const unit = copy.unit(wire.from)
  const reads = await fewReadsOf(unit, mostReads, signal)
  const carried = wire.carried()
  wire.cut()
  const began = performance.now()
  const seen = await asked({ unit, reads, limits }, signal)
  await waitUntil(() => endOf(unit, signal), livesMs - (performance.now() - began), signal)
  wire.mend()
  const recovers = async (): Promise<boolean | undefined> => {
    if ((await endOf(unit, signal)) !== undefined) return false
    if (!listens(unit.spec.kind)) return wire.carried() > carried ? true : undefined
    return (await asked({ unit, reads, limits }, signal)).every(({ reply }) => isWell(reply)) ? true : undefined
  }
  const isBack = await waitUntil(recovers, limits.recoverMs, signal)
  return judge(wire, { limits, seen, isBack: isBack === true, unit, log: await unit.log(15, signal), ended: await endOf(unit, signal) })
}

interface Seen {
  readonly path: string
  readonly reply: Reply
}

async function asked({ unit: { addresses: [address] }, reads, limits }: { readonly unit: CopyUnit; readonly reads: readonly string[]; readonly limits: CutLimits }, signal: AbortSignal): Promise<readonly Seen[]> {
  if (address === undefined) return []
  return Promise.all(reads.map(async (path) => ({ path, reply: await exchange({ address, path, timeoutMs: limits.longestMs }, signal) })))
}

interface Cut {
  readonly limits: CutLimits
  readonly unit: CopyUnit
  readonly seen: readonly Seen[]
  readonly isBack: boolean
  readonly ended: Awaited<ReturnType<typeof endOf>>
  readonly log: readonly string[]
}

function judge({ from, to, key }: Wire, { limits: { longestMs, recoverMs }, unit, seen, isBack, ended, log }: Cut): Finding {
  const evidence = [{ title: 'Its last lines', text: log.join('\n') }]
  const fail = (finding: string, hint: string, at?: Seen): Finding => {
    const [address] = unit.addresses
    return { service: from, is: 'fail', finding, hint, evidence, ...(at !== undefined && address !== undefined && { reproduce: `${curlOf({ address, path: at.path })} (while ${to} is away)` }) }
  }
  if (ended !== undefined) return fail(`${from} ends${howItEnded(ended)} when its connection to ${to} (${key}) breaks`, 'Catch what a call to it throws, and listen to "error" of every connection and pool: an error that nobody handles ends the process.')
  const hangs = seen.find(({ reply }) => reply.is === 'none' && reply.reason === 'timeout')
  if (hangs !== undefined) return fail(`${from} gives no answer at ${hangs.path} within ${longestMs / 1000} s while it cannot reach ${to} (${key})`, 'Give every call a time limit: fetch(url, { signal: AbortSignal.timeout(5_000) }).', hangs)
  const broken = seen.find(({ reply }) => reply.is === 'none')
  if (broken !== undefined) return fail(`${from} breaks off the connection at ${broken.path} while it cannot reach ${to} (${key})`, 'Answer with an error, as 502 or 503.', broken)
  const leaking = seen.find(({ reply }) => reply.is === 'answer' && leakIn(reply.status, reply.body) !== undefined)
  if (leaking?.reply.is === 'answer') return fail(`${from} answers ${leaking.reply.status} at ${leaking.path} with ${leakIn(leaking.reply.status, leaking.reply.body)} while it cannot reach ${to} (${key})`, 'Log what went wrong, and answer with an error that says no more than a visitor needs.', leaking)
  if (!isBack) return fail(`${from} does not recover: ${recoverMs / 1000} s after ${to} (${key}) could be reached again ${seen.length === 0 ? 'it had not connected' : `${seen.map(({ path }) => path).join(', ')} did not all answer well`}`, 'Take connections from a pool, which makes new ones, and try again after a failure.')
  const meanwhile = seen.length === 0 ? 'lives on' : `answers within ${longestMs / 1000} s`
  return { service: from, is: 'pass', finding: `${from} ${meanwhile} while it cannot reach ${to} (${key}), and recovers` }
}
