import type { SwitchRecord } from './switch-record.ts'

/** A time in which one release may answer new requests. It overlaps its neighbours by the length of a switch. */
export interface Reign {
  readonly release: number
  /** Beginning of the switch to it. */
  readonly from: number
  /** Acknowledgment of the switch away from it. */
  readonly to: number
}

/** Who may answer when, in order. Throws when the switches do not follow one another. */
export function reignsOf(first: number, switches: readonly SwitchRecord[]): Reign[] {
  const reigns: Reign[] = []
  let release = first
  let from = Number.NEGATIVE_INFINITY
  for (const one of switches) {
    if (one.before !== release || one.acknowledgedAt < one.askedAt) {
      throw new RangeError(`a switch from ${one.before} to ${one.after} was recorded while ${release} served`)
    }
    reigns.push({ release, from, to: one.acknowledgedAt })
    release = one.after
    from = one.askedAt
  }
  return [...reigns, { release, from, to: Number.POSITIVE_INFINITY }]
}

/** The positions in `reigns` at which one of `releases` may have taken a request that was sent at `startedAt` and answered from `headAt` on. */
export function possibleReigns(reigns: readonly Reign[], releases: readonly number[], span: { readonly startedAt: number; readonly headAt: number }): number[] {
  return reigns.flatMap((reign, at) => (releases.includes(reign.release) && reign.from <= span.headAt && reign.to >= span.startedAt ? [at] : []))
}
