import { formatMoney, type Cart } from '@storefront/contract'
import type { Metadata } from 'next'
import Link from 'next/link'
import { readBag } from '@/shop/bag'
import { sessionToken } from '@/shop/shop-cookies'
import { BagLine } from './bag-line'
import { CheckOut } from './check-out'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Your bag' }

export default async function CartPage() {
  const [bag, session] = await Promise.all([readBag(), sessionToken()])
  return (
    <section className="shell pt-10 sm:pt-14">
      <h1 className="text-4xl sm:text-5xl">Your bag</h1>
      {bag === undefined || bag.items.length === 0 ? (
        <Empty />
      ) : (
        <Full bag={bag} signedIn={session !== undefined} />
      )}
    </section>
  )
}

function Empty() {
  return (
    <div className="mt-6 flex flex-col items-start gap-6">
      <p className="text-lg text-soft">Nothing in it yet. The kettle is a good start.</p>
      <Link href="/" className="button">
        To the shop
      </Link>
    </div>
  )
}

function Full({ bag, signedIn }: { readonly bag: Cart; readonly signedIn: boolean }) {
  return (
    <div className="mt-8 grid gap-10 lg:grid-cols-[1fr_22rem] lg:gap-16">
      <ul className="divide-y divide-line border-y border-line">
        {bag.items.map((item) => (
          <BagLine key={item.id} item={item} price={formatMoney(item.unitPriceCents * item.quantity)} />
        ))}
      </ul>
      <aside className="self-start rounded-2xl border border-line bg-card p-6 lg:sticky lg:top-24">
        <dl className="space-y-3 text-sm">
          <div className="flex justify-between">
            <dt className="text-soft">Goods</dt>
            <dd className="tabular-nums">{formatMoney(bag.totalCents)}</dd>
          </div>
          <div className="flex justify-between">
            <dt className="text-soft">Carriage</dt>
            <dd>Free</dd>
          </div>
          <div className="flex items-baseline justify-between border-t border-line pt-4 text-lg font-semibold">
            <dt>Total</dt>
            <dd className="tabular-nums">{formatMoney(bag.totalCents)}</dd>
          </div>
        </dl>
        {/* The key makes an impatient second click the same order. */}
        <CheckOut signedIn={signedIn} idempotencyKey={crypto.randomUUID()} />
      </aside>
    </div>
  )
}
