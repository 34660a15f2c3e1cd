import type { ReleaseTally, TrafficPhase, TrafficPicture } from '@plimsoll/model'

/** With fewer answers a percentile says nothing. */
const fewest = 20

/** What the picture shows, in words and with its numbers: the whole truth for whoever does not see it. */
export function trafficSentence({ phases, restarts }: TrafficPicture): string {
  const all = phases.flatMap(({ releases }) => releases)
  const requests = sum(all, 'requests')
  if (requests === 0) return 'No request came to the app.'
  return [`${failures(all, requests)}${times(phases)}.`, restartWords(restarts.length)].filter((part) => part !== '').join(' ')
}

function failures(all: readonly ReleaseTally[], requests: number): string {
  const [errors, broken] = [sum(all, 'errors'), sum(all, 'broken')]
  const of = `${count(errors)} of ${count(requests)} ${requests === 1 ? 'request' : 'requests'}`
  if (errors === 0 && broken === 0) return `${of} failed`
  const answered = `${of} ${errors === 1 ? 'was' : 'were'} answered with an error`
  return broken === 0 ? answered : `${answered}, and ${broken === 1 ? 'a connection to an instance broke' : `${count(broken)} connections to instances broke`}`
}

/** Of what was live before anything moved, and of what was live in the end. */
function times(phases: readonly TrafficPhase[]): string {
  const [before, after] = [phases[0], phases.at(-1)].map((phase) => (phase === undefined ? undefined : liveIn(phase)))
  const now = p95Of(after)
  if (phases.length === 1 || before === undefined || now === undefined) return now === undefined ? '' : `; p95 at most ${now} ms`
  const usual = p95Of(before)
  if (usual === undefined) return `; p95 at most ${now} ms after`
  return `; p95 at most ${usual} ms before, ${now} ms after`
}

function liveIn({ live, releases }: TrafficPhase): ReleaseTally | undefined {
  return releases.find(({ release }) => release === live)
}

function p95Of(tally: ReleaseTally | undefined): string | undefined {
  return tally === undefined || tally.p95Ms === null || tally.requests < fewest ? undefined : count(Math.round(tally.p95Ms))
}

function restartWords(times: number): string {
  if (times === 0) return ''
  return `The edge died ${times === 1 ? 'once' : `${times} times`} meanwhile and was followed at once: what it had counted in the second before is not known.`
}

function sum(tallies: readonly ReleaseTally[], what: 'requests' | 'errors' | 'broken'): number {
  return tallies.reduce((total, tally) => total + tally[what], 0)
}

/** `12,418`, the same wherever it is read. */
export function count(value: number): string {
  return value.toLocaleString('en')
}
