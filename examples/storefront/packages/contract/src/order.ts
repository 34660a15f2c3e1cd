import { z } from 'zod'

export const OrderLine = z.object({
  productSlug: z.string(),
  productName: z.string(),
  size: z.string(),
  quantity: z.int(),
  unitPriceCents: z.int(),
})

export const Order = z.object({
  id: z.uuid(),
  number: z.int(),
  placedAt: z.iso.datetime(),
  totalCents: z.int(),
  /** True once the worker has sent the order mail. */
  confirmed: z.boolean(),
  lines: z.array(OrderLine),
})
export type Order = z.infer<typeof Order>

export const OrderList = z.object({ orders: z.array(Order) })
export type OrderList = z.infer<typeof OrderList>

export const PlaceOrder = z.object({ cartId: z.uuid() })
export type PlaceOrder = z.infer<typeof PlaceOrder>
