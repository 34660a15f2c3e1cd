import type { ReleaseNumber } from './names.ts'
import { PlimsollError } from './plimsoll-error.ts'
import type { Traffic } from './traffic.ts'

/**
 * The value with the higher of its own cut-off and of `known`, and without what that takes out of service.
 * Throws `CUT_OFF` when its live release is among that.
 */
export function withCutOff(traffic: Traffic, known: ReleaseNumber | undefined): Traffic {
  const cutOff = highest(traffic.cutOff, known)
  if (cutOff === undefined) return traffic
  if (traffic.live.release <= cutOff) throw wasCutOff(traffic.app, traffic.live.release, cutOff)
  return { ...traffic, cutOff, previous: traffic.previous.filter(({ release }) => release > cutOff) }
}

/** Why `release` of `app` does not serve any more. */
export function wasCutOff(app: string, release: number, cutOff: number): PlimsollError {
  return new PlimsollError('CUT_OFF', `Release ${release} of ${app} was cut off: nothing up to release ${cutOff} serves again`, {
    hint: `Go back to a newer one, or release a fixed version: plimsoll release (see its releases: plimsoll status --app ${app})`,
    details: { release, cutOff },
  })
}

function highest(one: ReleaseNumber | undefined, other: ReleaseNumber | undefined): ReleaseNumber | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one > other ? one : other
}
