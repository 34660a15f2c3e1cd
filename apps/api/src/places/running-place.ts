import type { Place } from '../services.ts'

/** A place with what keeps it up, for whoever puts the parts together. */
export interface RunningPlace {
  readonly place: Place
  /** Takes up what should run, after Plimsoll was away. Once, before anything else is asked of the place. */
  readonly supervise: (signal: AbortSignal) => Promise<void>
  /** Ends the databases and key-value services that it runs itself, with their data kept. */
  readonly stopResources: (signal: AbortSignal) => Promise<void>
  /** Lets go of everything; what runs runs on. */
  readonly close: () => Promise<void>
}
