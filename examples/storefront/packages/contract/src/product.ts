import { z } from 'zod'

export const ProductSlug = z.string().regex(/^[a-z0-9-]{1,64}$/)

export const Category = z.enum(['galley', 'cabin', 'deck', 'wear'])
export type Category = z.infer<typeof Category>

export const Product = z.object({
  id: z.uuid(),
  slug: ProductSlug,
  name: z.string(),
  summary: z.string(),
  description: z.string(),
  category: Category,
  priceCents: z.int().nonnegative(),
  /** The price before a markdown; null when the product is not on the deals board. */
  fullPriceCents: z.int().nonnegative().nullable(),
  /** Empty for products that come in one size only. */
  sizes: z.array(z.string()),
  stock: z.int().nonnegative(),
})
export type Product = z.infer<typeof Product>

export const ProductList = z.object({ products: z.array(Product) })
export type ProductList = z.infer<typeof ProductList>

export const ProductFilter = z.object({
  category: Category.optional(),
  deals: z.stringbool().optional(),
})
export type ProductFilter = z.infer<typeof ProductFilter>
