import { concernTitles } from '@plimsoll/model'
import { oneLine, shortened } from '../report/visible-text.ts'
import type { News } from './news.ts'

const shownCauses = 10

/** What a webhook is sent: a summary of well under 20 kB, and where the rest is. The same at every try, as its id is. */
export function webhookBody({ turn, headline, story, verification, link }: News): string {
  const { id, app, place, state, source, startedAt, endedAt, artifacts } = verification
  const cause = ({ check, title, concern, verdicts, notAsked }: (typeof story.blocking)[number]): object => (
    { check, title: shortened(oneLine(title), 200), concern: concernTitles[concern], finding: shortened(oneLine(verdicts[0]?.finding ?? ''), 400), notAsked: notAsked.length }
  )
  return JSON.stringify({
    type: `verification.${turn}`,
    timestamp: endedAt ?? startedAt,
    data: {
      id, app, place, state, headline: shortened(oneLine(headline), 400),
      source: { commit: source.commit, branch: source.branch?.slice(0, 200), dirty: source.dirty },
      artifacts: artifacts.slice(0, 30).map(({ service, digest }) => ({ service, digest })),
      blocking: { count: story.blocking.length, first: story.blocking.slice(0, shownCauses).map(cause) },
      unknown: { count: story.unknown.length, first: story.unknown.slice(0, shownCauses).map(cause) },
      notChecked: story.notChecked.length, flaky: story.flakyTests.length,
      link,
    },
  })
}
