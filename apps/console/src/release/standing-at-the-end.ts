import type { Outcome } from '@plimsoll/model'
import { durationOf } from '../words/duration.ts'
import { releaseStateWords } from '../words/release-state-words.ts'
import { nameOf, wasStopped, whoServes, type Facts as Known, type Standing } from './standing.ts'
import { touchedData } from './timeline.ts'
import { watchSentence } from './watch-sentence.ts'
import { servingNumber, trafficIn } from './who-serves.ts'

interface Facts extends Known {
  /** The release that serves at this moment, where that is known. */
  readonly live: number | null | undefined
  /** Milliseconds since 1970, for what counts down. */
  readonly now: number
}

/** The sentences over a release that has ended: the truthful outcome. Told by the server, so that no browser has to load the words for every outcome there is. */
export function standingAtTheEnd(facts: Facts): Standing {
  const { outcome, state } = facts.release
  if (outcome === undefined) return { headline: `${nameOf(facts.release)}: ${releaseStateWords[state].label.toLowerCase()}`, assurance: [releaseStateWords[state].means], tone: releaseStateWords[state].tone }
  switch (outcome.is) {
    case 'completed': return completed(facts)
    case 'rolled-back': return { headline: `${nameOf(facts.release)} went back by itself`, assurance: [`${liveSentence(facts.live)} It had been live, and its watch found that it did worse than the release before.`], why: outcome.problem.message, tone: 'warn' }
    case 'unchanged': return { headline: 'Nothing was new', assurance: [`${keeps(facts)} Nothing was touched.`], tone: 'quiet' }
    case 'undone': return takenBack(facts, outcome)
    case 'stuck': return stuck(facts, outcome)
  }
}

function liveSentence(live: Facts['live']): string {
  return typeof live === 'number' ? `Release ${live} serves everyone now.` : 'It does not serve any more.'
}

function completed({ release, live, now }: Facts): Standing {
  const serving = servingNumber(release)
  const took = release.endedAt === undefined ? '' : ` Took ${durationOf(Date.parse(release.endedAt) - Date.parse(release.startedAt))}.`
  const headline = release.kind === 'rollback' ? `Went back to release ${serving}` : `Release ${serving} was released`
  if (release.state !== 'live' && live !== serving) return { headline, assurance: [`${releaseStateWords[release.state].means}${took}`], tone: 'quiet' }
  const watched = watchSentence(release, now)
  const attention = release.watch?.state === 'needs-attention' ? release.watch.problem?.message : undefined
  return {
    headline: release.kind === 'rollback' ? headline : attention === undefined ? `Release ${serving} is live` : `Release ${serving} is live and needs attention`,
    assurance: [`${release.kind === 'rollback' ? `Release ${serving}` : 'It'} serves everyone.${took}`, ...(watched === undefined ? [] : [watched])],
    ...(attention !== undefined && { why: attention }),
    tone: attention === undefined ? 'good' : 'bad',
  }
}

function takenBack({ release, timeline, before, live }: Facts, outcome: Extract<Outcome, { is: 'undone' }>): Standing {
  const stopped = wasStopped(outcome.problem.code)
  const moved = trafficIn(timeline) === 'back'
  return {
    headline: `${nameOf(release)} ${stopped ? 'was stopped' : 'failed'} and was taken back`,
    assurance: [
      `${keeps({ before, live })} ${moved ? 'Traffic had been switched and was put back.' : 'Traffic was never switched.'}`,
      ...(touchedData(timeline) ? ['What its pre-deploy commands did to a database stays done.'] : []),
    ],
    ...(!stopped && { why: outcome.problem.message }),
    tone: 'warn',
  }
}

function stuck({ release, timeline, before }: Facts, outcome: Extract<Outcome, { is: 'stuck' }>): Standing {
  const title = timeline.find(({ name }) => name === outcome.at)?.title ?? outcome.at
  const goingBack = timeline.some(({ undo }) => undo === 'undo-failed')
  return {
    headline: `${nameOf(release)} needs attention`,
    assurance: [
      goingBack
        ? `Taking back “${title}” failed, so it is neither finished nor undone.`
        : `It could not finish “${title}”, and from there on it can only go forwards.`,
      whoServes({ traffic: trafficIn(timeline), release, before, timeline }),
    ],
    why: outcome.problem.message,
    tone: 'bad',
  }
}

/** What stays when a release did not come to anything. */
function keeps({ before, live }: Pick<Facts, 'before' | 'live'>): string {
  if (before === null) return 'Nothing was live before, so nothing went live.'
  const then = before === undefined ? 'What was live before' : `Release ${before}`
  return before === live ? `${then} is live, as before.` : `${then} stayed live.`
}
