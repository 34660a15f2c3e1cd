'use client'

import { stockWords, type StockTone } from '@/shop/stock-words'
import { useStock } from './stock-store'

const TONES: Record<StockTone, string> = {
  plenty: 'text-good',
  few: 'text-warn',
  none: 'text-soft',
}

export interface StockBadgeProps {
  readonly slug: string
  readonly initial: number
}

export function StockBadge({ slug, initial }: StockBadgeProps) {
  const { tone, text } = stockWords(useStock(slug, initial))
  return (
    <span data-stock={slug} className={`inline-flex items-center gap-1.5 text-sm ${TONES[tone]}`}>
      <span className="size-1.5 rounded-full bg-current" aria-hidden="true" />
      <span key={text} className="animate-rise tabular-nums">
        {text}
      </span>
    </span>
  )
}
