import type { Clock } from '@plimsoll/engine'

/** `fetch` of the platform, or something like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** What it takes to reach Render. */
export interface RenderConnection {
  /** `https://api.render.com/v1`, without a slash at its end. */
  readonly base: string
  readonly key: string
  readonly fetch: Fetch
  readonly clock: Clock
  /** From 0 up to 1, for jitter. */
  readonly random: () => number
}
