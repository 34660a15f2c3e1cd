import { Cron } from 'croner'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from './start-check.ts'

/** Longer than any run is waited for; what takes longer is judged by its schedule. */
const longestMs = 75_000

/** Runs each cron service once, as its schedule would, beside everything else that runs. */
export function cronRunsCheck(): RehearsalCheck {
  return {
    id: 'boot.cron-runs',
    title: 'Cron jobs end well, and before their next run is due',
    concern: 'health',
    after: [bootStart],
    limitMs: longestMs + 30_000,
    async ask(rehearsal, signal) {
      const services = rehearsal.specs.filter(({ kind }) => kind === 'cron').map(({ service }) => service)
      if (services.length === 0) return [{ is: 'skipped', finding: 'There is no cron job' }]
      await using copy: AppCopy = await rehearsal.raise({ services, start: [] }, signal)
      // Awaited here: what is returned as it is outlives the copy.
      return await Promise.all(copy.units.map(async (unit) => askCron(unit, signal)))
    },
  }
}

async function askCron(unit: CopyUnit, signal: AbortSignal): Promise<Finding> {
  const { service, startCommand = '', schedule = '* * * * *' } = unit.spec
  const gapMs = shortestGapMs(schedule)
  const limit = AbortSignal.timeout(Math.min(gapMs, longestMs))
  const began = performance.now()
  try {
    const { code, signal: killedBy, log } = await unit.exec(startCommand, AbortSignal.any([signal, limit]))
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    if (code === 0) return { service, is: 'pass', finding: `${service} ends well after ${seconds} s` }
    return {
      service, is: 'fail', finding: `${service} ended ${killedBy === null ? `with status ${code}` : `by ${killedBy}`} after ${seconds} s: ${startCommand}`,
      hint: 'Its last lines say why.', evidence: [{ title: `The last lines of ${service}`, text: log.join('\n') }],
    }
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error
    if (gapMs > longestMs) return { service, is: 'inconclusive', finding: `${service} was still running after ${longestMs / 1000} s, which is as long as it was waited for`, weight: 'advice' }
    return { service, is: 'fail', finding: `${service} was still running after ${Math.round(gapMs / 1000)} s, when its next run was due (${schedule})`, hint: 'A run that is due while another goes on is left out. Give it a schedule that it can keep, or less to do.' }
  }
}

/** The shortest time between two of the next runs, in milliseconds. */
function shortestGapMs(schedule: string): number {
  const runs = new Cron(schedule, { paused: true, timezone: 'UTC' }).nextRuns(10).map((at) => at.getTime())
  return Math.min(...runs.slice(1).map((at, i) => at - (runs[i] ?? at)))
}
