'use client'

import Link from 'next/link'
import { type ReactNode, useActionState } from 'react'
import { SizeGuideButton } from '@/components/product-dialogs'
import { useStock } from '@/components/stock-store'
import { addToBag, type FormAnswer } from './actions'

export interface AddToBagProps {
  readonly slug: string
  readonly sizes: readonly string[]
  readonly stock: number
}

const START: FormAnswer = { status: 'idle', message: '' }

export function AddToBag({ slug, sizes, stock }: AddToBagProps) {
  const [answer, action, pending] = useActionState(addToBag, START)
  const soldOut = useStock(slug, stock) === 0
  return (
    <form action={action} className="space-y-5">
      <input type="hidden" name="slug" value={slug} />
      {sizes.length > 0 && <SizeChoice sizes={sizes} guide={<SizeGuideButton />} />}
      <button type="submit" className="button w-full sm:w-auto sm:min-w-64" disabled={pending || soldOut}>
        {soldOut ? 'Back in soon' : pending ? 'Stowing…' : 'Add to bag'}
      </button>
      <p role="status" className="text-sm empty:hidden">
        {answer.status === 'done' && !pending && (
          <span className="inline-block animate-rise text-good">
            {answer.message}.{' '}
            <Link href="/cart" className="text-link text-ink">
              See the bag
            </Link>
          </span>
        )}
        {answer.status === 'failed' && !pending && <span className="text-accent">{answer.message}</span>}
      </p>
    </form>
  )
}

interface SizeChoiceProps {
  readonly sizes: readonly string[]
  readonly guide: ReactNode
}

function SizeChoice({ sizes, guide }: SizeChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-2.5 text-sm font-medium">
        Size <span className="ml-3 font-normal text-soft">{guide}</span>
      </legend>
      <div className="flex flex-wrap gap-2">
        {sizes.map((size) => (
          <label
            key={size}
            className="grid h-11 min-w-12 cursor-pointer place-items-center rounded-xl border border-line bg-card px-3 text-sm font-medium transition-colors hover:border-ink has-checked:border-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-sea"
          >
            <input type="radio" name="size" value={size} required className="sr-only" />
            {size}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
