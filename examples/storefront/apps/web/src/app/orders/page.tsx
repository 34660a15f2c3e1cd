import { formatMoney, type Order, OrderList } from '@storefront/contract'
import type { Metadata } from 'next'
import Image from 'next/image'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { ApiRefusal, callApi } from '@/shop/call-api'
import { sessionToken } from '@/shop/shop-cookies'
import { signOut } from '../sign-in/actions'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Your orders' }

const when = new Intl.DateTimeFormat('en-IE', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

export default async function OrdersPage({ searchParams }: PageProps<'/orders'>) {
  const orders = await readOrders()
  const { placed } = await searchParams
  return (
    <section className="shell max-w-4xl pt-10 sm:pt-14">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h1 className="text-4xl sm:text-5xl">Your orders</h1>
        <form action={signOut}>
          <button type="submit" className="text-link text-sm text-soft">
            Sign out
          </button>
        </form>
      </div>
      {typeof placed === 'string' && (
        <p role="status" className="mt-6 animate-rise rounded-2xl bg-good/12 px-5 py-4 text-good">
          Thank you. Order {placed} is on the packing bench.
        </p>
      )}
      {orders.length === 0 && <p className="mt-6 text-lg text-soft">No orders yet.</p>}
      <ul className="mt-8 space-y-6">
        {orders.map((order) => (
          <OrderCard key={order.id} order={order} />
        ))}
      </ul>
    </section>
  )
}

async function readOrders(): Promise<Order[]> {
  const token = await sessionToken()
  if (token === undefined) redirect('/sign-in?next=/orders')
  try {
    const { orders } = await callApi({ path: '/orders', sessionToken: token, answer: OrderList })
    return orders
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 401) redirect('/sign-in?next=/orders')
    throw error
  }
}

function OrderCard({ order }: { readonly order: Order }) {
  return (
    <li className="rounded-2xl border border-line bg-card p-5 sm:p-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="text-xl">Order {order.number}</h2>
        <span className="font-medium tabular-nums">{formatMoney(order.totalCents)}</span>
      </div>
      <p className="mt-1 text-sm text-soft">
        {when.format(new Date(order.placedAt))} · {order.confirmed ? 'confirmed by mail' : 'being confirmed'}
      </p>
      <ul className="mt-5 space-y-3">
        {order.lines.map((line) => (
          <li key={`${line.productSlug} ${line.size}`} className="flex items-center gap-4 text-sm">
            <span className="relative size-12 shrink-0 overflow-hidden rounded-lg bg-line">
              <Image src={`/products/${line.productSlug}.webp`} alt="" fill sizes="3rem" className="object-cover" />
            </span>
            <Link href={`/products/${line.productSlug}`} className="font-medium">
              {line.productName}
              {line.size !== '' && <span className="font-normal text-soft">, {line.size}</span>}
            </Link>
            <span className="ml-auto text-soft tabular-nums">× {line.quantity}</span>
          </li>
        ))}
      </ul>
    </li>
  )
}
