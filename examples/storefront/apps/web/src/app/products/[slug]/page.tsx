import type { Product } from '@storefront/contract'
import type { Metadata } from 'next'
import Image from 'next/image'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Price } from '@/components/price'
import { Presence } from '@/components/presence'
import { ProductGrid } from '@/components/product-grid'
import { ZoomButton } from '@/components/product-dialogs'
import { StockBadge } from '@/components/stock-badge'
import { findProduct, listProducts, listReviews } from '@/shop/catalogue'
import { AddToBag } from './add-to-bag'
import { Reviews } from './reviews'

export const dynamic = 'force-dynamic'

export async function generateMetadata({ params }: PageProps<'/products/[slug]'>): Promise<Metadata> {
  const product = await findProduct((await params).slug)
  return product === undefined ? {} : { title: product.name, description: product.summary }
}

export default async function ProductPage({ params }: PageProps<'/products/[slug]'>) {
  const { slug } = await params
  const [product, reviews, products] = await Promise.all([
    findProduct(slug),
    listReviews(slug),
    listProducts(),
  ])
  if (product === undefined) notFound()
  const related = products
    .filter((other) => other.slug !== slug)
    .sort((a, b) => closeness(b, product) - closeness(a, product))
    .slice(0, 4)
  const image = `/products/${product.slug}.webp`
  return (
    <div className="shell pt-6 sm:pt-10">
      <div className="grid gap-8 lg:grid-cols-[1.15fr_1fr] lg:gap-16">
        <div className="relative aspect-square self-start overflow-hidden rounded-3xl bg-line lg:sticky lg:top-24">
          <Image
            src={image}
            alt={product.name}
            fill
            preload
            sizes="(min-width: 64rem) 44rem, 95vw"
            className="object-cover"
          />
          <ZoomButton src={image} name={product.name} />
        </div>
        <div className="flex flex-col gap-6 lg:py-4">
          <header className="flex flex-col items-start gap-3">
            <Link href={`/?category=${product.category}`} className="text-link text-sm text-soft capitalize">
              {product.category}
            </Link>
            <h1 className="text-4xl sm:text-5xl">{product.name}</h1>
            <p className="text-lg text-soft">{product.summary}</p>
          </header>
          <div className="flex flex-wrap items-baseline gap-x-6 gap-y-2">
            <span className="text-2xl">
              <Price product={product} />
            </span>
            <StockBadge slug={product.slug} initial={product.stock} />
            <Presence slug={product.slug} />
          </div>
          <AddToBag slug={product.slug} sizes={product.sizes} stock={product.stock} />
          <p className="max-w-prose border-t border-line pt-6 leading-relaxed">{product.description}</p>
        </div>
      </div>
      <Reviews slug={product.slug} reviews={reviews} />
      <section className="mt-20">
        <h2 className="mb-8 text-3xl">Stowed beside it</h2>
        <ProductGrid products={related} />
      </section>
    </div>
  )
}

function closeness(one: Product, other: Product): number {
  return one.category === other.category ? 1 : 0
}
