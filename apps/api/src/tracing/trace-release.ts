import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { findRelease } from '../use-cases/watch-release.ts'
import type { Services } from '../services.ts'
import { releaseSpans } from './release-spans.ts'

/** Hands on what release `number` did, once it has ended; nothing where nothing is traced, and for one that another process goes on with. */
export async function traceRelease(services: Pick<Services, 'store' | 'tracing'>, app: AppName, number: ReleaseNumber): Promise<void> {
  const { store, tracing } = services
  if (tracing === undefined) return
  const release = await findRelease(services, app, number)
  if (release.state !== 'releasing') tracing.record(releaseSpans(tracing, release, await store.journalOf(app, number, 0).read()))
}
