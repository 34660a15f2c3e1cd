import { z } from 'zod'

const [ms, bytes, count] = [z.number().int().min(100), z.number().int().min(0), z.number().int().min(1)]

/** How much a client may ask for and how slow it may be; where each default comes from: docs/edge.md. */
export const clientLimitsSchema = z.strictObject({
  /** For a request's head. */
  headersMs: ms.default(20_000),
  /** Without a byte, in an upload that we wait for or in an answer that we could go on with. */
  silenceMs: ms.default(60_000),
  /** In so long an upload has to keep its pace, and what was given of an answer has to be taken. */
  slowMs: ms.default(60_000),
  /** The pace of an upload that the upstream would take. */
  slowBytesPerSecond: bytes.default(240),
  /** Of a connection between two requests: above the 60 s of common load balancers in front, so that they close idle connections and we do not. */
  idleMs: ms.default(75_000),
  /** Request line and fields together. */
  headBytes: bytes.min(1_024).default(32 * 1_024),
  /** The request target alone. */
  targetBytes: bytes.min(256).default(16 * 1_024),
  headFields: count.default(2_000),
  bodyBytes: bytes.default(1_024 ** 3),
  /** Of all clients, on all ports. */
  connections: count.default(10_000),
})

export type ClientLimits = z.output<typeof clientLimitsSchema>

/** A client that goes on sending after its last answer is listened to this long, so that the answer is not lost in a reset. */
export const lingerMs = 5_000
