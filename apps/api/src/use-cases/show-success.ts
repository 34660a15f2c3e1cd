import type { AppName, Success } from '@plimsoll/model'
import type { Services } from '../services.ts'
import { doraOf } from '../success/dora.ts'
import { measuresOf } from '../success/measures.ts'
import { storyOf } from '../success/story-of.ts'
import { findApp } from './find-app.ts'

/** What is further back says little about how things go now. */
export const mostReleases = 500

/** How the releases of an app go, over its newest 500. Throws `NOT_FOUND`. */
export async function showSuccess(services: Pick<Services, 'store' | 'clock'>, app: AppName): Promise<Success> {
  const { store, clock } = services
  const { name } = await findApp(services, app)
  const [history, coverage] = await Promise.all([store.historyOf(name, mostReleases), store.verifications.lastCoverage(name)])
  const story = storyOf(history)
  return { releases: history.length, since: history.at(-1)?.release.startedAt ?? null, metrics: measuresOf(story, coverage), dora: doraOf(story, clock.now()) }
}
