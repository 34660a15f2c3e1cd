import { concernTitles, storyOf, type Cause, type Verification } from '@plimsoll/model'
import { oneLine, shortened } from '../report/visible-text.ts'
import { causeWith, type Message } from './message.ts'

/** The turn that a verification took, which makes it worth a message: something is other than it was. */
export type Turn = 'blocked' | 'recovered' | 'unsure'

/** How one settled verification differs from the one before it; undefined where it does not, or has not settled. `previous`: undefined before the first. */
export function turnOf(previous: Verification['state'] | undefined, state: Verification['state']): Turn | undefined {
  if (state === previous) return undefined
  if (state === 'blocked' || state === 'unsure') return state
  return state === 'passed' && (previous === 'blocked' || previous === 'unsure') ? 'recovered' : undefined
}

const statusStates: Readonly<Record<Verification['state'], NonNullable<Message['status']>['state']>> = { passed: 'success', blocked: 'failure', unsure: 'error', interrupted: 'error', running: 'pending' }
const keptCauses = 20
const causesForPrograms = 10

/** What is told of a verification; without a `turn`, of how it ended. */
export function verificationMessage(verification: Verification, turn: Turn | undefined, link: string | undefined): Message {
  const { id, app, state, source, startedAt, endedAt } = verification
  const story = storyOf(verification)
  const causes = turn === 'recovered' ? [] : [...story.blocking, ...story.unknown]
  const type = turn ?? state
  const headline = turn === 'recovered' ? `${app} has recovered: it may be released again.` : story.sentence
  return {
    id: `msg_${id}_${type}`, type: `verification.${type}`, at: endedAt ?? startedAt, headline,
    causes: causes.slice(0, keptCauses).map(({ title, concern, verdicts, notAsked }) => causeWith({
      title: `${concernTitles[concern]}: ${title}`, notAsked: notAsked.length,
      lines: verdicts.map(({ service, finding, hint, reproduce }) => ({ text: finding, service, hint, reproduce })),
    })),
    causesInAll: causes.length,
    ...(story.also.length > 0 && { also: story.also.join(' ') }),
    ...(link !== undefined && { link: { label: 'The whole report', url: link } }),
    about: aboutText(verification), mail: { thread: `verify.${app}`, id: `verify.${app}.${id}` },
    data: dataOf(verification, story, { headline, link }),
    status: { commit: source.commit, dirty: source.dirty, state: statusStates[state], was: 'verified' },
  }
}

/** Well under 20 kB, whatever was found. */
function dataOf({ id, app, place, state, source, artifacts }: Verification, story: ReturnType<typeof storyOf>, told: { readonly headline: string; readonly link: string | undefined }): Message['data'] {
  const cause = ({ check, title, concern, verdicts, notAsked }: Cause): object => (
    { check, title: shortened(oneLine(title), 200), concern: concernTitles[concern], finding: shortened(oneLine(verdicts[0]?.finding ?? ''), 400), notAsked: notAsked.length }
  )
  return {
    id, app, place, state, headline: shortened(oneLine(told.headline), 400),
    source: { commit: source.commit, branch: source.branch?.slice(0, 200), dirty: source.dirty },
    artifacts: artifacts.slice(0, 30).map(({ service, digest }) => ({ service, digest })),
    blocking: { count: story.blocking.length, first: story.blocking.slice(0, causesForPrograms).map(cause) },
    unknown: { count: story.unknown.length, first: story.unknown.slice(0, causesForPrograms).map(cause) },
    notChecked: story.notChecked.length, flaky: story.flakyTests.length,
    link: told.link,
  }
}

function aboutText({ source, place, id }: Verification): string {
  const commit = source.commit === undefined ? 'working tree' : `${source.commit.slice(0, 7)}${source.dirty ? ' with uncommitted changes' : ''}`
  return [commit, ...(source.branch === undefined ? [] : [source.branch]), place, `verification ${id}`].join(' · ')
}
