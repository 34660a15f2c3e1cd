/** How much a client may ask for and how slow it may be. Nothing here ends an answer that a client takes, however long it is under way. */
export interface ClientLimits {
  /** For a request's head. */
  readonly headersMs: number
  /** Without a byte, in an upload that we wait for or in an answer that we could go on with. */
  readonly silenceMs: number
  /** Of a connection between two requests. */
  readonly idleMs: number
  /** Request line and fields together. */
  readonly headBytes: number
  /** The request target alone. */
  readonly targetBytes: number
  readonly headFields: number
  readonly bodyBytes: number
}

/** Where each comes from: docs/edge.md. */
export const usualLimits: ClientLimits = {
  headersMs: 20_000,
  silenceMs: 60_000,
  idleMs: 75_000,
  headBytes: 32 * 1024,
  targetBytes: 16 * 1024,
  headFields: 2_000,
  bodyBytes: 1024 ** 3,
}

/** A client that goes on sending after its last answer is listened to this long, so that the answer is not lost in a reset. */
export const lingerMs = 5_000
