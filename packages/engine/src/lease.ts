import type { AppName } from '@plimsoll/model'

/** The right to change one App, held by at most one runner at a time. */
export interface Lease {
  /** Grows with every lease of this app and never falls; whoever acts shows it, and is refused when a higher one was seen. */
  readonly fence: number
  /** Fires when the lease is lost: stop acting at once. */
  readonly lost: AbortSignal
  /** Returns when the lease is held at this moment; else `lost` has fired, and its reason is thrown. `lost` alone reaches one that stood still only some time after it goes on. */
  stands(): Promise<void>
  /** Gives the lease back. Twice is once. */
  release(): Promise<void>
}

export interface LeaseWish {
  /** Who asks, for whoever is refused: `ada@laptop (process 7)`. */
  readonly holder: string
  readonly waitMs: number
}

export interface Leases {
  /** Throws `RELEASE_LOCKED` (with who holds it, since when, in `details`) if it is not free within `waitMs`. */
  acquire(app: AppName, wish: LeaseWish, signal: AbortSignal): Promise<Lease>
}
