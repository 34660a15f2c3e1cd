import type { NotedComparison } from '@plimsoll/engine'
import type { AppName, CommitRange, Environment, Release, ReleaseNote, ReleaseNumber } from '@plimsoll/model'
import type { Services } from '../services.ts'
import { installationKey } from '../verify/installation-key.ts'
import { valueMarks, type ValueMarks } from './value-marks.ts'

interface Noted {
  readonly release: Release
  readonly fence: number
  readonly comparison: NotedComparison
}

/** Writes down what a release is held against, and what of it cannot be told later: the values are changed by then, and the repository has moved on. */
export async function noteRelease(services: Services, { release, fence, comparison }: Noted, signal: AbortSignal): Promise<void> {
  const { app, number } = release
  const [key, commits] = await Promise.all([installationKey(services.verifications), commitsSince(services, { release, before: comparison.before }, signal)])
  const marks = valueMarks(key)
  await services.store.releaseNotes.put({ app, release: number, fence }, { before: comparison.before, key: marks.key, environments: notedOf(app, comparison.environments, marks), commits })
}

async function commitsSince({ store, readCommits }: Services, { release, before }: { readonly release: Release; readonly before: ReleaseNumber | null }, signal: AbortSignal): Promise<CommitRange> {
  if (before === null) return { is: 'not known', why: 'Nothing was live before it' }
  const live = await store.releases.find(release.app, before)
  if (live === undefined) return { is: 'not known', why: `Nothing is known of release ${before} any more` }
  return readCommits({ source: await withHistory({ store }, release.source), since: live.source }, signal)
}

/** The source of a promoted release is one commit; what came before it is known where it was released first. */
async function withHistory({ store }: Pick<Services, 'store'>, source: Release['source']): Promise<Release['source']> {
  const { promotedFrom } = source
  return promotedFrom === undefined ? source : ((await store.releases.find(promotedFrom.app, promotedFrom.release))?.source ?? source)
}

/** Without what names the commit: it differs by nature, and is told as commits. */
function notedOf(app: AppName, environments: NotedComparison['environments'], marks: ValueMarks): ReleaseNote['environments'] {
  return Object.fromEntries(Object.entries(environments).map(([service, environment]) => [service, notedVariables({ app, service }, environment, marks)]))
}

function notedVariables(whose: { readonly app: AppName; readonly service: string }, environment: Environment, marks: ValueMarks): ReleaseNote['environments'][string] {
  const kept = Object.entries(environment).filter(([key]) => !key.startsWith('RENDER_GIT_'))
  return Object.fromEntries(kept.map(([key, { value, origin }]) => [key, { origin, mark: marks.markOf({ ...whose, key }, value) }]))
}
