import { z } from 'zod'

/** Server-sent events of `GET /v1/stock/stream`: first `hello`, then `stock` for every change. */
export const StockHello = z.object({
  servedBy: z.string(),
  stock: z.record(z.string(), z.int()),
})
export type StockHello = z.infer<typeof StockHello>

export const StockChange = z.object({
  slug: z.string(),
  stock: z.int(),
  servedBy: z.string(),
})
export type StockChange = z.infer<typeof StockChange>

/** Messages of the WebSocket `GET /v1/presence?product=…`. */
export const PresenceMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), servedBy: z.string(), viewers: z.int() }),
  z.object({ type: z.literal('viewers'), viewers: z.int() }),
])
export type PresenceMessage = z.infer<typeof PresenceMessage>
