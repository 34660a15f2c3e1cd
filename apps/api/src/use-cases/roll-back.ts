import type { AppName, Release } from '@plimsoll/model'
import type { ReleaseRunner, WantedRelease } from '../release-runner.ts'
import { placed, type Services } from '../services.ts'
import { chooseWayBack } from './choose-way-back.ts'
import { chooseWayBackInPlace } from './choose-way-back-in-place.ts'

/** Starts going back to release `to`, else to the one that was live before. Throws `NOTHING_TO_ROLL_BACK`, `CUT_OFF`, `NOT_FOUND`, `RELEASE_LOCKED`. */
export async function rollBack(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: { readonly app: AppName; readonly to: number | undefined; readonly traceparent?: string | undefined; readonly asking?: WantedRelease['asking'] },
  signal: AbortSignal,
): Promise<Release> {
  const { platform } = await placed(services, wanted.app)
  const { target } = platform === undefined ? await chooseWayBack(services, wanted, signal) : await chooseWayBackInPlace(services, wanted)
  return runner.start({ app: wanted.app, source: target.source, backTo: target.number, waitMs: 0, traceparent: wanted.traceparent, asking: wanted.asking }, signal)
}
