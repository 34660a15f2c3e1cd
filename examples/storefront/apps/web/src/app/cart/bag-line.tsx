'use client'

import type { CartItem } from '@storefront/contract'
import Image from 'next/image'
import Link from 'next/link'
import { useActionState } from 'react'
import { useStock } from '@/components/stock-store'
import { type BagAnswer, changeQuantity, removeItem } from './actions'

const START: BagAnswer = { message: '' }

export interface BagLineProps {
  readonly item: CartItem
  readonly price: string
}

export function BagLine({ item, price }: BagLineProps) {
  const [changed, change, changing] = useActionState(changeQuantity, START)
  const [removed, remove, removing] = useActionState(removeItem, START)
  const stock = useStock(item.productSlug, item.stock)
  const message = changed.message || removed.message
  return (
    <li className={`flex gap-4 py-6 transition-opacity sm:gap-6 ${removing ? 'opacity-40' : ''}`}>
      <Link
        href={`/products/${item.productSlug}`}
        className="relative aspect-square w-24 shrink-0 self-start overflow-hidden rounded-xl bg-line sm:w-32"
      >
        <Image src={`/products/${item.productSlug}.webp`} alt="" fill sizes="8rem" className="object-cover" />
      </Link>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <Link href={`/products/${item.productSlug}`} className="font-semibold">
            {item.productName}
          </Link>
          <span className="tabular-nums">{price}</span>
        </div>
        {item.size !== '' && <p className="text-sm text-soft">Size {item.size}</p>}
        {stock < item.quantity && (
          <p className="text-sm text-warn">{stock === 0 ? 'Sold out just now' : `Only ${stock} left`}</p>
        )}
        {message !== '' && <p className="text-sm text-accent">{message}</p>}
        <div className="mt-auto flex items-center justify-between pt-3">
          <form action={change} className="flex items-center rounded-full border border-line bg-card">
            <input type="hidden" name="item" value={item.id} />
            <Step label="One less" to={item.quantity - 1} disabled={changing || item.quantity <= 1} />
            <span aria-label="Quantity" className="min-w-6 text-center text-sm font-medium tabular-nums">
              {item.quantity}
            </span>
            <Step label="One more" to={item.quantity + 1} disabled={changing || item.quantity >= 20} />
          </form>
          <form action={remove}>
            <input type="hidden" name="item" value={item.id} />
            <button type="submit" disabled={removing} className="text-link text-sm text-soft">
              Remove
            </button>
          </form>
        </div>
      </div>
    </li>
  )
}

interface StepProps {
  readonly label: string
  readonly to: number
  readonly disabled: boolean
}

function Step({ label, to, disabled }: StepProps) {
  return (
    <button
      type="submit"
      name="quantity"
      value={to}
      aria-label={label}
      disabled={disabled}
      className="grid size-10 place-items-center text-lg disabled:opacity-30"
    >
      {label === 'One less' ? '−' : '+'}
    </button>
  )
}
