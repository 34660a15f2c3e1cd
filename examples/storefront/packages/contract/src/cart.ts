import { z } from 'zod'
import { ProductSlug } from './product.ts'
import { withoutNul } from './text.ts'

export const MAX_PER_ITEM = 20

export const CartItem = z.object({
  id: z.uuid(),
  productSlug: z.string(),
  productName: z.string(),
  size: z.string(),
  quantity: z.int().positive(),
  unitPriceCents: z.int(),
  stock: z.int(),
})
export type CartItem = z.infer<typeof CartItem>

export const Cart = z.object({
  id: z.uuid(),
  items: z.array(CartItem),
  totalCents: z.int(),
  itemCount: z.int(),
})
export type Cart = z.infer<typeof Cart>

export const AddCartItem = z.object({
  productSlug: ProductSlug,
  /** An empty string for products that come in one size only. */
  size: withoutNul.max(8).default(''),
  quantity: z.int().min(1).max(MAX_PER_ITEM).default(1),
})
export type AddCartItem = z.input<typeof AddCartItem>

export const ChangeCartItem = z.object({ quantity: z.int().min(1).max(MAX_PER_ITEM) })
export type ChangeCartItem = z.infer<typeof ChangeCartItem>
