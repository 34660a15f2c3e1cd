import type { ServiceName } from '@plimsoll/model'
import type { Finding } from '../../rehearsal/rehearsal-check.ts'
import { compareRounds, type Comparison } from './compare-rounds.ts'
import type { Burst } from './load-generator.ts'
import type { ServiceRounds, SideRounds } from './load-rounds.ts'
import { memoryGrowth } from './memory-growth.ts'
import { quantile } from './quantile.ts'

/** No page may take so long with a handful of visitors, whatever the machine does beside. */
const grossMs = 3_000

/** What a service's rounds say: of its errors, its times and its memory, each a finding where it has one. */
export function judgeLoad(service: ServiceName, rounds: ServiceRounds): Finding[] {
  const faults = [...errorFindings(rounds), ...slownessFindings(rounds), ...memoryFindings(rounds)].map((finding): Finding => ({ service, ...finding }))
  return faults.some(({ is, weight }) => is === 'fail' && weight === undefined) ? faults : [{ service, is: 'pass', finding: passes(rounds) }, ...faults]
}

function passes(rounds: ServiceRounds): string {
  const { service, paths, candidate, live } = rounds
  const bursts = Object.values(candidate.bursts).flat()
  const answers = bursts.flatMap(({ times }) => times)
  const memory = candidate.memory.length === 0 ? '; its memory was not measured: this place does not tell its process' : ''
  const unheld = paths.filter((path) => comparisonOf(rounds, path) === undefined)
  const beside = live === undefined ? ', with nothing live to hold it against' : unheld.length === 0 ? ', held against what is live' : `, held against what is live but for ${unheld.join(', ')}, which answered too seldom`
  return `${service} answered ${answers.length} requests on ${paths.length} paths without an error, 95 % within ${rounded(quantile(answers, 0.95))} ms${beside}${memory}`
}

function errorFindings({ service, candidate, live }: ServiceRounds): Finding[] {
  const faulty = Object.entries(candidate.bursts).map(([path, bursts]) => ({ path, ...countsOf(bursts), before: countsOf(live?.bursts[path] ?? []) })).filter(({ failed }) => failed > 0)
  const [first] = faulty
  if (first === undefined) return []
  // What fails as often in what is live is no news, and no reason to stay with that.
  const isNew = faulty.some(({ failed, asked, before }) => failed / asked > 2 * (before.failed / Math.max(1, before.asked)))
  return [{
    is: 'fail', ...(!isNew && { weight: 'advice' as const }),
    finding: `${service} fails under load: ${faulty.map(({ path, failed, asked, what }) => `${path} ${failed} of ${asked} times (${what})`).join('; ')}${isNew ? '' : ', as what is live does'}`,
    reproduce: `npx autocannon -c 4 -d 5 http://HOST${first.path}`,
    hint: 'Look at what it holds on to while it answers: connections of a pool, files, locks.',
  }]
}

function countsOf(bursts: readonly Burst[]): { readonly asked: number; readonly failed: number; readonly what: string } {
  const statuses = bursts.flatMap((burst) => Object.entries(burst.statuses))
  const errors = statuses.filter(([status]) => Number(status) >= 500)
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  const [broken, timeouts, answered] = [sum(bursts.map((burst) => burst.broken)), sum(bursts.map((burst) => burst.timeouts)), sum(statuses.map(([, count]) => count))]
  const kinds = [...new Set(errors.map(([status]) => `answers ${status}`)), ...(broken > 0 ? ['breaks off'] : []), ...(timeouts > 0 ? ['gives no answer in time'] : [])]
  return { asked: answered + broken + timeouts, failed: sum(errors.map(([, count]) => count)) + broken + timeouts, what: kinds.join(', ') }
}

function comparisonOf({ candidate, live }: Pick<ServiceRounds, 'candidate' | 'live'>, path: string): Comparison | undefined {
  if (live === undefined) return undefined
  return compareRounds((candidate.bursts[path] ?? []).map(({ times }, at) => ({ candidate: times, live: live.bursts[path]?.[at]?.times ?? [] })))
}

function slownessFindings(rounds: ServiceRounds): Finding[] {
  const { service, paths, candidate, live } = rounds
  return paths.flatMap((path): Finding[] => {
    const own = candidate.bursts[path] ?? []
    const compared = comparisonOf(rounds, path)
    if (compared !== undefined && compared.is !== 'alike') return [slower(`${service} ${path}`, compared)]
    const isGross = own.length > 0 && own.every(({ times }) => times.length > 0 && quantile(times, 0.95) > grossMs)
    if (!isGross) return []
    return [{ is: 'fail', ...(live !== undefined && { weight: 'advice' as const }), finding: `${service} ${path} takes more than ${grossMs / 1_000} s with four visitors at once${live === undefined ? '' : ', as what is live does'}` }]
  })
}

function slower(what: string, { is, ratio, candidateMs, liveMs }: Comparison): Finding {
  const figures = `95 % within ${rounded(candidateMs)} ms, against ${rounded(liveMs)} ms of what is live`
  if (is === 'unsure') return { is: 'inconclusive', weight: 'advice', finding: `${what} may be slower (${figures}): the rounds do not agree, as on a busy machine` }
  return {
    is: 'fail', ...(is === 'slower' && { weight: 'advice' as const }), finding: `${what} is ${ratio.toFixed(1)} times as slow as before: ${figures}, and alike in every round`,
    hint: 'Look at what it asks of its database for one answer, and how often.',
  }
}

function memoryFindings({ service, candidate, live }: ServiceRounds & { readonly live: SideRounds | undefined }): Finding[] {
  const growth = memoryGrowth(candidate.memory, live?.memory)
  if (growth === undefined || growth.is === 'steady') return []
  return [{
    is: 'fail', ...(growth.is === 'growing' && { weight: 'advice' as const }),
    finding: `${service} keeps memory of what it has answered: ${rounded(growth.perRequest / 1024)} KB a request, ${Math.round(growth.bytes / 1024 / 1024)} MB in all, more in every round`,
    hint: 'Something is kept for each request: a listener, an entry of a map, a cache without an end.',
  }]
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value))
}
