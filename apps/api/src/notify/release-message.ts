import { outcomeSchema, problemSchema, watchStates, type Problem, type Release, type Topic } from '@plimsoll/model'
import { causeWith, type Message } from '@plimsoll/verify/notify'
import { z } from 'zod'

/** What the database says has changed about a release; null where it has not. */
export const releaseFactsSchema = z.object({
  outcome: outcomeSchema.nullable(),
  watch: z.enum(watchStates).nullable(),
  /** What its watch says. */
  problem: problemSchema.nullable(),
  /** It is a rollback that a watch has begun. */
  byWatch: z.boolean(),
})
export type ReleaseFacts = z.infer<typeof releaseFactsSchema>
export type ReleaseTopic = Exclude<Topic, 'verification'>

/** What that is before people; undefined for what is no news. A rollback by a watch is told of by the watch. */
export function releaseTopic({ kind }: Pick<Release, 'kind'>, { outcome, watch, byWatch }: ReleaseFacts): ReleaseTopic | undefined {
  if (byWatch) return undefined
  if (watch === 'went-back') return 'release.went-back'
  if (watch === 'needs-attention' || outcome?.is === 'stuck') return 'release.needs-attention'
  if (outcome?.is === 'undone') return 'release.failed'
  if (outcome?.is === 'completed') return kind === 'rollback' ? 'release.rolled-back' : 'release.live'
  return undefined
}

const statusStates: Readonly<Record<ReleaseTopic, NonNullable<Message['status']>['state']>> = {
  'release.live': 'success', 'release.failed': 'failure', 'release.rolled-back': 'success', 'release.went-back': 'failure', 'release.needs-attention': 'error',
}

/** What is told of it. `at`: when it happened. `link`: where whoever is told can look at it. */
export function releaseMessage(release: Release, { topic, facts, id, at, link }: { readonly topic: ReleaseTopic; readonly facts: ReleaseFacts; readonly id: string; readonly at: string; readonly link: string | undefined }): Message {
  const { app, number, kind, backTo, source, unproven } = release
  const problem = problemIn(facts)
  const headline = headlineOf(release, topic, facts)
  return {
    id, type: topic, at, headline,
    causes: problem === undefined ? [] : [causeWith({ title: problem.code, lines: [{ text: problem.message, hint: problem.hint }] })], causesInAll: problem === undefined ? 0 : 1,
    ...(unproven !== undefined && { also: `It was not tried in a throw-away copy first: ${unproven}` }),
    ...(link !== undefined && { link: { label: 'The release', url: link } }),
    about: aboutText(release), mail: { thread: `release.${app}.${number}`, id: `release.${app}.${number}.${id}` },
    data: {
      app, release: number, kind, backTo, headline, outcome: facts.outcome?.is, watch: facts.watch ?? undefined, unproven,
      problem: problem === undefined ? undefined : { code: problem.code, message: problem.message.slice(0, 2000), hint: problem.hint?.slice(0, 500) },
      source: { commit: source.commit, branch: source.branch?.slice(0, 200), subject: source.subject?.slice(0, 200), dirty: source.dirty }, link,
    },
    status: { commit: source.commit, dirty: source.dirty, state: statusStates[topic], was: 'released' },
  }
}

function problemIn({ outcome, watch, problem }: ReleaseFacts): Problem | undefined {
  if (watch === 'went-back' || watch === 'needs-attention') return problem ?? undefined
  return outcome !== null && 'problem' in outcome ? outcome.problem : undefined
}

function headlineOf(release: Release, topic: ReleaseTopic, { outcome, watch }: ReleaseFacts): string {
  const { app, number, backTo } = release
  const step = outcome !== null && 'at' in outcome ? (release.steps.find(({ name }) => name === outcome.at)?.title ?? outcome.at) : ''
  if (topic === 'release.live') return `Release ${number} of ${app} is live.`
  if (topic === 'release.rolled-back') return `Release ${backTo ?? number} of ${app} serves again: somebody went back to it.`
  if (topic === 'release.went-back') return `Release ${number} of ${app} did worse than the one before: release ${release.watch?.previous ?? 'before'} serves again.`
  if (topic === 'release.failed') return `Release ${number} of ${app} failed at “${step}” and was taken back: what was live is live.`
  return watch === 'needs-attention' ? `Release ${number} of ${app} is live and not well.` : `Release ${number} of ${app} stands still at “${step}” and needs somebody.`
}

function aboutText({ app, number, source: { commit, dirty, branch, subject } }: Release): string {
  const named = commit === undefined ? 'working tree' : `${commit.slice(0, 7)}${dirty ? ' with uncommitted changes' : ''}`
  return [named, ...(branch === undefined ? [] : [branch]), ...(subject === undefined ? [] : [subject]), `${app}, release ${number}`].join(' · ')
}
