import { durationText, isShown, shareOfRuns, wilson, type Coverage, type Measure } from '@plimsoll/model'
import { quantileOf } from './quantile-of.ts'
import type { ReleaseStory } from './story-of.ts'

export const buildBarMs = 5 * 60_000
const successBar = 0.99
const coverageBar = 0.8

/** The five success metrics of a team that wants to deploy without looking. What cannot be known says so. */
export function measuresOf(story: ReleaseStory, coverage: Coverage['total'] | undefined): Measure[] {
  return [lostRequests(story), buildTimes(story), successRate(story), coverageOf(coverage), untouched(story)]
}

function lostRequests({ switches }: ReleaseStory): Measure {
  const counted = switches.filter(({ cutRequests }) => cutRequests !== undefined)
  const lost = counted.reduce((sum, { cutRequests = 0, release }) => sum + cutRequests + brokenIn(release.watch?.look), 0)
  return {
    id: 'lost-requests', title: 'Zero downtime', bar: 'no request lost',
    value: counted.length === 0 ? 'No switch was counted yet' : `${lost} lost in ${counted.length} switch${counted.length === 1 ? '' : 'es'}`,
    holds: counted.length === 0 ? 'not known' : lost === 0 ? 'yes' : 'no',
    how: `Requests that still had no answer when the release that they were sent to was ended, and connections that broke while the new one was watched.${leftOut(switches.length - counted.length, 'switch', 'switches')}`,
  }
}

/** Of all services, as the watch last saw them. */
function brokenIn(look: { readonly services: readonly { readonly now: { readonly broken: number } }[] } | undefined): number {
  return (look?.services ?? []).reduce((sum, { now }) => sum + now.broken, 0)
}

/** How long the build steps took in which something was built anew. */
export function buildTimesIn({ tried }: ReleaseStory): number[] {
  return tried.flatMap(({ build }) => (build?.fresh === true ? [build.ms] : []))
}

function buildTimes(story: ReleaseStory): Measure {
  const times = buildTimesIn(story)
  const [p50, p95] = [quantileOf(times, 0.5), quantileOf(times, 0.95)]
  return {
    id: 'build-time', title: 'Build times', bar: 'under 5 min',
    value: p50 === undefined || p95 === undefined ? 'Nothing was built yet' : `half within ${durationText(p50)}, 19 of 20 within ${durationText(p95)}, of ${times.length} build${times.length === 1 ? '' : 's'}`,
    holds: p95 === undefined ? 'not known' : p95 < buildBarMs ? 'yes' : 'no',
    how: 'How long the build step took, of releases in which something was built anew.',
  }
}

function successRate({ tried, stayed, heldBack }: ReleaseStory): Measure {
  const misses = tried.length - stayed.length
  const { high } = wilson(stayed.length, tried.length)
  const shown = isShown(misses, tried.length, successBar)
  return {
    id: 'success-rate', title: 'Deployment success', bar: '99 % or more',
    value: tried.length === 0 ? 'Nothing was released yet' : shareOfRuns(stayed.length, tried.length).replace(/runs?/, tried.length === 1 ? 'release' : 'releases'),
    holds: shown ? 'yes' : tried.length > 0 && high < successBar ? 'no' : 'not known',
    how: `Of what was begun, had something new in it and was not stopped by a person: what went live and stayed. ${heldBack.length} of the others went back before a user met ${heldBack.length === 1 ? 'it' : 'them'}. 99 % are shown only by 299 in a row, or by 473 with one failure.`,
  }
}

function coverageOf(total: Coverage['total'] | undefined): Measure {
  const share = total === undefined || total.lines === 0 ? undefined : total.covered / total.lines
  return {
    id: 'coverage', title: 'Test coverage', bar: 'over 80 %',
    value: share === undefined || total === undefined ? 'Not measured' : `${(share * 100).toFixed(1)} % of ${total.lines} lines`,
    holds: share === undefined ? 'not known' : share > coverageBar ? 'yes' : 'no',
    how: 'Of the lines of the services’ own code, those that ran in the last verification that measured it: under its own suites and under what Plimsoll asks.',
  }
}

function untouched({ tried, takenBack }: ReleaseStory): Measure {
  const proven = tried.filter(({ release }) => release.unproven === undefined).length
  const alone = tried.length - takenBack.length
  return {
    id: 'untouched', title: 'Deployed without looking',
    value: tried.length === 0 ? 'Nothing was released yet' : `${alone} of ${tried.length} with nobody stepping in, ${proven} proven first`,
    how: 'Releases that no person went back from, whether they went live or went back by themselves; and how many were tried in a throw-away copy before.',
  }
}

function leftOut(count: number, one: string, many: string): string {
  return count === 0 ? '' : ` ${count} earlier ${count === 1 ? `${one} was` : `${many} were`} not counted.`
}
