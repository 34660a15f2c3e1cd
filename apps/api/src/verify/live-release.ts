import type { KeptRelease } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { recallRelease } from '../recall-release.ts'
import type { Services } from '../services.ts'

/** What is live, as it can be run again; undefined for an app that serves nothing. */
export async function liveRelease({ edge, store }: Pick<Services, 'edge' | 'store'>, app: AppName, signal: AbortSignal): Promise<KeptRelease | undefined> {
  const live = await edge.live(app, signal)
  if (live === undefined) return undefined
  const release = live.live.release
  return recallRelease(store, { app, release })
}
