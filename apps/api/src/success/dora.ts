import { durationText, shareOfRuns, type Measure } from '@plimsoll/model'
import type { PastRelease } from '@plimsoll/store'
import { quantileOf } from './quantile-of.ts'
import type { ReleaseStory } from './story-of.ts'

const dayMs = 24 * 60 * 60_000
const lately = 28

/** DORA's five, of production releases, as far as a ledger of releases can know them. */
export function doraOf(story: ReleaseStory, now: number): Measure[] {
  return [leadTime(story), frequency(story, now), recovery(story), failRate(story), rework(story)]
}

function leadTime({ stayed, failed }: ReleaseStory): Measure {
  const times = [...stayed, ...failed].flatMap(({ release: { source }, switchedAt }) => (switchedAt === undefined || source.committedAt === undefined || source.dirty ? [] : [Date.parse(switchedAt) - Date.parse(source.committedAt)]))
  const median = quantileOf(times, 0.5)
  return {
    id: 'lead-time', title: 'Change lead time',
    value: median === undefined ? 'Not known: nothing went live from a clean commit yet' : `half within ${durationText(median)}, of ${times.length}`,
    how: 'From the time of the commit, by its committer’s clock, to the switch. Of the last commit of each release, so that those before it waited longer.',
  }
}

function frequency({ stayed, failed }: ReleaseStory, now: number): Measure {
  const recent = [...stayed, ...failed].filter(({ switchedAt }) => switchedAt !== undefined && now - Date.parse(switchedAt) < lately * dayMs)
  return { id: 'frequency', title: 'Deployment frequency', value: `${recent.length} in the last ${lately} days`, how: 'Releases that went live, without rollbacks.' }
}

function recovery({ failed, switches }: ReleaseStory): Measure {
  const times = failed.flatMap((each) => timeToNext(each, switches))
  const median = quantileOf(times, 0.5)
  return {
    id: 'recovery', title: 'Failed deployment recovery time', inferred: true,
    value: median === undefined ? 'No release that was live has failed' : `half within ${durationText(median)}, of ${times.length}`,
    how: 'From the switch to a release that failed to the next switch, back or forward. That it failed is taken from the watch, or from somebody going back.',
  }
}

function timeToNext({ release, switchedAt }: PastRelease, switches: readonly PastRelease[]): number[] {
  const next = switches.find((each) => each.release.number > release.number)
  return switchedAt === undefined || next?.switchedAt === undefined ? [] : [Date.parse(next.switchedAt) - Date.parse(switchedAt)]
}

function failRate({ stayed, failed }: ReleaseStory): Measure {
  const live = stayed.length + failed.length
  return {
    id: 'fail-rate', title: 'Change fail rate', inferred: true,
    value: live === 0 ? 'Nothing went live yet' : shareOfRuns(failed.length, live).replace(/runs?/, live === 1 ? 'release' : 'releases'),
    how: 'Of what went live, what the watch went back from or asked for help with, and what somebody went back from.',
  }
}

function rework({ tried, failed }: ReleaseStory): Measure {
  const after = tried.filter(({ release }) => failed.some((each) => each.release.number < release.number && Date.parse(release.startedAt) - Date.parse(each.release.endedAt ?? each.release.startedAt) < dayMs))
  return {
    id: 'rework', title: 'Deployment rework rate', inferred: true,
    value: tried.length === 0 ? 'Nothing was released yet' : shareOfRuns(after.length, tried.length).replace(/runs?/, tried.length === 1 ? 'release' : 'releases'),
    how: 'Releases that were begun within a day after one that failed: that they were made to mend it is a guess.',
  }
}
