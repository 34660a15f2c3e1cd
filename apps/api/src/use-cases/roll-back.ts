import type { AppName, Release } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { chooseWayBack } from './choose-way-back.ts'

/** Starts going back to release `to`, else to the one that was live before. Throws `NOTHING_TO_ROLL_BACK`, `CUT_OFF`, `NOT_FOUND`, `RELEASE_LOCKED`. */
export async function rollBack(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: { readonly app: AppName; readonly to: number | undefined; readonly traceparent?: string | undefined },
  signal: AbortSignal,
): Promise<Release> {
  const { target } = await chooseWayBack(services, wanted, signal)
  return runner.start({ app: wanted.app, source: target.source, backTo: target.number, waitMs: 0, traceparent: wanted.traceparent }, signal)
}
