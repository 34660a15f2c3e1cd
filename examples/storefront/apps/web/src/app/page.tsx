import { Category } from '@storefront/contract'
import Image from 'next/image'
import Link from 'next/link'
import { ProductGrid } from '@/components/product-grid'
import { listProducts } from '@/shop/catalogue'

export const dynamic = 'force-dynamic'

const FILTERS: readonly { category: Category | undefined; label: string }[] = [
  { category: undefined, label: 'Everything' },
  { category: 'galley', label: 'Galley' },
  { category: 'cabin', label: 'Cabin' },
  { category: 'deck', label: 'Deck' },
  { category: 'wear', label: 'To wear' },
]

export default async function ShopPage({ searchParams }: PageProps<'/'>) {
  const chosen = Category.safeParse((await searchParams)['category']).data
  const products = await listProducts(chosen)
  return (
    <>
      {chosen === undefined && <Hero />}
      <section className="shell pt-12" aria-label="Products">
        <Filters chosen={chosen} />
        <ProductGrid products={products} />
      </section>
    </>
  )
}

function Hero() {
  return (
    <section className="shell pt-6 sm:pt-8">
      <div className="relative isolate flex min-h-[32rem] items-end overflow-hidden rounded-3xl bg-[#16394b] sm:min-h-[30rem] lg:min-h-[34rem]">
        <Image
          src="/harbour.webp"
          alt="A small boat under a low sun, leaving harbour"
          fill
          preload
          sizes="(min-width: 84rem) 78rem, (min-width: 40rem) 95vw, 64rem"
          className="-z-10 object-cover object-[68%_0%] sm:object-[100%_15%]"
        />
        <div
          aria-hidden="true"
          className="absolute inset-0 -z-10 bg-linear-to-t from-[#0d2837] from-25% to-transparent to-70% sm:hidden"
        />
        <div className="max-w-2xl p-7 text-[#fdf6e9] sm:p-12">
          <h1 className="text-5xl leading-[1.02] sm:text-6xl lg:text-7xl">Honest goods for weather.</h1>
          <p className="mt-5 max-w-md text-lg text-[#fdf6e9]/85">
            Twelve things we would not sail without. Made to be mended, and priced so that you do not
            have to.
          </p>
        </div>
      </div>
    </section>
  )
}

function Filters({ chosen }: { readonly chosen: Category | undefined }) {
  return (
    <nav aria-label="Categories" className="-mx-5 mb-8 flex gap-2 overflow-x-auto px-5 py-1 [scrollbar-width:none]">
      {FILTERS.map(({ category, label }) => (
        <Link
          key={label}
          href={category === undefined ? '/' : `/?category=${category}`}
          scroll={false}
          aria-current={category === chosen ? 'page' : undefined}
          className="shrink-0 rounded-full border border-line px-4 py-2 text-sm font-medium text-soft transition-colors hover:border-ink hover:text-ink aria-[current]:border-ink aria-[current]:bg-ink aria-[current]:text-paper"
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
