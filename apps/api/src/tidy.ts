import { finishedSteps, keptIn } from '@plimsoll/engine'
import type { Digest } from '@plimsoll/model'
import type { Services } from './services.ts'

/** Releases of an app whose artifacts are kept, so that it can go back to them; what is live or warm is always among them. */
const keptReleases = 5
/** Artifacts beyond those, for builds whose inputs come back. */
const keptArtifacts = 20
/** Younger than this, an artifact may belong to a release that is being made. */
const youngMs = 60 * 60_000

/** Deletes artifacts that no recent release of any app needs. Twice is once. */
export async function tidyArtifacts(services: Pick<Services, 'store' | 'pruneArtifacts'>): Promise<void> {
  const keep = new Set<Digest>()
  for (const { name } of await services.store.apps.list()) {
    for (const digest of await recentDigests(services, name)) keep.add(digest)
  }
  await services.pruneArtifacts({ keep: [...keep], count: keptArtifacts, olderThanMs: youngMs })
}

async function recentDigests({ store }: Pick<Services, 'store'>, app: Parameters<Services['store']['releases']['list']>[0]): Promise<Digest[]> {
  const { releases } = await store.releases.list(app, { limit: 50 })
  const built = releases.filter(({ kind }) => kind === 'release')
  const wanted = built.filter(({ state }, at) => at < keptReleases || state === 'live' || state === 'previous')
  const digests: Digest[] = []
  for (const { number } of wanted) {
    const past = await store.journalOf(app, number, 0).read()
    if (!finishedSteps(past).has('build')) continue
    digests.push(...Object.values(keptIn(past, { app, release: number }).artifacts).map(({ digest }) => digest))
  }
  return digests
}
