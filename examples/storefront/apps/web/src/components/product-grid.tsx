import type { Product } from '@storefront/contract'
import { ProductCard } from './product-card'

const FIRST_ROW = 4

export function ProductGrid({ products }: { readonly products: readonly Product[] }) {
  return (
    <ul className="grid grid-cols-2 gap-x-4 gap-y-10 sm:gap-x-6 md:grid-cols-3 xl:grid-cols-4 xl:gap-x-8 xl:gap-y-14">
      {products.map((product, position) => (
        <li key={product.id}>
          <ProductCard product={product} eager={position < FIRST_ROW} />
        </li>
      ))}
    </ul>
  )
}
