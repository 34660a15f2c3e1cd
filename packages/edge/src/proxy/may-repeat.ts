/** How an attempt ended that brought no answer. */
export interface Failure {
  readonly connected: boolean
  /** The socket had carried a request before. */
  readonly reused: boolean
  readonly bytesRead: number
  readonly error?: Error | undefined
}

export interface Repeatable {
  readonly idempotent: boolean
  readonly hasBody: boolean
  readonly repeated: boolean
}

/**
 * Whether sending again cannot do anything twice. A connection that never stood has carried nothing, so
 * any request may try another address. A used socket that closes without a byte is the upstream's idle
 * close meeting our request: one repetition, of what may be done twice and can be sent again whole.
 */
export function mayRepeat(failure: Failure, request: Repeatable): 'no' | 'another-address' | 'again' {
  if (!failure.connected) return 'another-address'
  const idleClose = failure.reused && failure.bytesRead === 0
  return idleClose && request.idempotent && !request.hasBody && !request.repeated ? 'again' : 'no'
}
