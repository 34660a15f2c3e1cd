import type { Product } from '@storefront/contract'
import type { Metadata } from 'next'
import { ProductGrid } from '@/components/product-grid'
import { RefreshSoon } from '@/components/refresh-soon'
import { listDeals } from '@/shop/catalogue'

export const revalidate = 60
export const metadata: Metadata = { title: 'Deals' }

export default async function DealsPage() {
  const deals = await dealsUnlessBuilding()
  return (
    <section className="shell pt-10 sm:pt-14">
      <h1 className="text-4xl sm:text-5xl">On the slate</h1>
      <p className="mt-3 mb-10 max-w-md text-lg text-soft">
        Marked down until the shelf is clear. We wipe the board every minute.
      </p>
      {deals === undefined ? <Chalking /> : <ProductGrid products={deals} />}
    </section>
  )
}

/** No API answers during a build: the page is built empty, and filled at the first visit. */
async function dealsUnlessBuilding(): Promise<Product[] | undefined> {
  if (process.env['NEXT_PHASE'] === 'phase-production-build') return undefined
  return listDeals(revalidate)
}

function Chalking() {
  return (
    <>
      <RefreshSoon />
      <div aria-label="The deals are on their way" className="grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-4">
        {[0, 1, 2, 3].map((card) => (
          <div key={card} className="aspect-square animate-pulse rounded-2xl bg-line" />
        ))}
      </div>
    </>
  )
}
