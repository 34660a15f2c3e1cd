/** How an attempt ended that brought no answer. */
export interface Failure {
  readonly connected: boolean
  /** The socket had carried a request before. */
  readonly reused: boolean
  readonly bytesRead: number
  /** Nothing is known to be lost: it waits for long while something else is lost. */
  readonly stalled: boolean
  readonly error?: Error | undefined
}

export interface Repeatable {
  readonly idempotent: boolean
  readonly hasBody: boolean
  readonly repeated: boolean
  /** Whether there is another instance that it was not sent to yet. */
  readonly others: boolean
}

/**
 * Whether sending again cannot do anything twice. A connection that never stood has carried nothing, so
 * any request may try another address. A used socket that closes without a byte is the upstream's idle
 * close meeting our request: one repetition, of what may be done twice and can be sent again whole. So with a fresh one
 * whose instance has just died, where there is another instance (RFC 9110, 9.2.2).
 */
export function mayRepeat(failure: Failure, request: Repeatable): 'no' | 'another-address' | 'again' | 'elsewhere' {
  if (!failure.connected) return 'another-address'
  if (failure.bytesRead > 0 || !request.idempotent || request.hasBody) return 'no'
  if (failure.stalled) return request.others ? 'elsewhere' : 'again'
  if (request.repeated) return 'no'
  if (failure.reused) return 'again'
  return request.others ? 'elsewhere' : 'no'
}
