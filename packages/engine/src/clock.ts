/** Time as a parameter, so that nothing in a test waits for a real second. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
