import type { DriverName } from '@plimsoll/model'
import type { RunningPlace } from './running-place.ts'

/** A place that can be had, and is not made before it is needed. */
export interface PlaceOffer<Running extends RunningPlace = RunningPlace> {
  readonly name: DriverName
  /** Whether it was ever used here: of another one there is nothing to take up, to tidy or to end. */
  readonly wasUsed: () => Promise<boolean>
  /** Loads what it needs and makes it. Twice gives the same; what could not be made now may be made the next time. */
  readonly open: () => Promise<Running>
  readonly opened: () => Promise<Running> | undefined
}

export interface PlaceMaking<Running extends RunningPlace> extends Pick<PlaceOffer, 'name' | 'wasUsed'> {
  readonly make: () => Promise<Running>
}

export function offerPlace<Running extends RunningPlace>({ name, wasUsed, make }: PlaceMaking<Running>): PlaceOffer<Running> {
  let made: Promise<Running> | undefined
  return {
    name,
    wasUsed: async () => made !== undefined || (await wasUsed()),
    opened: () => made,
    open() {
      made ??= make().catch((error: unknown) => {
        made = undefined
        throw error
      })
      return made
    },
  }
}
