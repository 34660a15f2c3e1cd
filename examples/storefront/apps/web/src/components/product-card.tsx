import type { Product } from '@storefront/contract'
import Image from 'next/image'
import Link from 'next/link'
import { Price } from './price'
import { StockBadge } from './stock-badge'

export interface ProductCardProps {
  readonly product: Product
  /** Images of the first row are fetched at once, the rest when they come into view. */
  readonly eager?: boolean
}

export function ProductCard({ product, eager = false }: ProductCardProps) {
  const saving = savingPercent(product)
  return (
    <article className="group relative flex flex-col gap-3">
      <div className="relative aspect-square overflow-hidden rounded-2xl bg-line">
        <Image
          src={`/products/${product.slug}.webp`}
          alt=""
          fill
          loading={eager ? 'eager' : 'lazy'}
          sizes="(min-width: 80rem) 20rem, (min-width: 48rem) 33vw, 50vw"
          className="object-cover transition-transform duration-500 group-hover:scale-[1.03]"
        />
        {saving > 0 && (
          <span className="absolute top-3 left-3 rounded-full bg-accent px-2.5 py-1 text-xs font-semibold text-on-accent">
            −{saving}%
          </span>
        )}
      </div>
      <div className="flex flex-col gap-1">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <h3 className="font-sans text-base font-semibold tracking-normal">
            <Link href={`/products/${product.slug}`} className="after:absolute after:inset-0">
              {product.name}
            </Link>
          </h3>
          <Price product={product} />
        </div>
        <p className="hidden text-sm text-soft sm:block">{product.summary}</p>
        <StockBadge slug={product.slug} initial={product.stock} />
      </div>
    </article>
  )
}

function savingPercent({ priceCents, fullPriceCents }: Product): number {
  return fullPriceCents === null ? 0 : Math.round((1 - priceCents / fullPriceCents) * 100)
}
