import type { AppName, Builds, ReleaseBuild, ServiceBuild } from '@plimsoll/model'
import type { PastBuild } from '@plimsoll/store'
import { criticalPath } from '../builds/critical-path.ts'
import { whyBuilt } from '../builds/why-built.ts'
import type { Services } from '../services.ts'
import { buildBarMs, buildTimesIn } from '../success/measures.ts'
import { quantileOf } from '../success/quantile-of.ts'
import { storyOf } from '../success/story-of.ts'
import { findApp } from './find-app.ts'
import { mostReleases } from './show-success.ts'

/** So many are told of, and a few more looked at for where those took theirs from. */
const shown = 30
const looked = 50

/** How the newest releases of an app were built. Throws `NOT_FOUND`. */
export async function showBuilds({ store }: Pick<Services, 'store'>, name: AppName): Promise<Builds> {
  const { name: app } = await findApp({ store }, name)
  const [builds, history] = await Promise.all([store.buildsOf(app, looked), store.historyOf(app, mostReleases)])
  return { app, releases: builds.slice(0, shown).map((build, at) => told(build, builds.slice(at + 1))), times: timesOf(buildTimesIn(storyOf(history))) }
}

function timesOf(times: readonly number[]): Builds['times'] {
  const [p50Ms, p95Ms] = [quantileOf(times, 0.5), quantileOf(times, 0.95)]
  return p50Ms === undefined || p95Ms === undefined ? null : { p50Ms, p95Ms, count: times.length, barMs: buildBarMs }
}

function told({ release, beganAt, endedAt, artifacts }: PastBuild, before: readonly PastBuild[]): ReleaseBuild {
  return {
    release, at: endedAt, tookMs: Math.max(0, Date.parse(endedAt) - Date.parse(beganAt)),
    services: artifacts.map((artifact) => serviceBuild(artifact, before)),
    criticalPath: criticalPath(artifacts),
  }
}

function serviceBuild(artifact: PastBuild['artifacts'][number], before: readonly PastBuild[]): ServiceBuild {
  const { service, fresh, buildMs, waitedMs, sizeBytes } = artifact
  const earlier = before.flatMap(({ release, artifacts }) => artifacts.filter((each) => each.service === service).map((each) => ({ release, artifact: each })))
  const why = whyBuilt(artifact, earlier)
  const [last] = earlier
  return { service, fresh, tookMs: buildMs, ...(fresh && waitedMs !== undefined && { waitedMs }), sizeBytes, ...(last !== undefined && { wasBytes: last.artifact.sizeBytes }), ...(why !== undefined && { why }) }
}
