'use client'

import type { Review, ReviewList } from '@storefront/contract'
import { useState } from 'react'
import { atThisRelease } from '@/shop/at-this-release'
import { ReviewItem } from './review-item'

const apiUrl = process.env.NEXT_PUBLIC_API_URL

export interface OlderReviewsProps {
  readonly slug: string
  /** How many the page shows already. */
  readonly shown: number
}

/** Few readers want them, so the browser asks the API for them when one does. */
export function OlderReviews({ slug, shown }: OlderReviewsProps) {
  const [older, setOlder] = useState<readonly Review[]>()
  const [failed, setFailed] = useState(false)
  if (!apiUrl) return null
  if (older !== undefined) return older.map((review) => <ReviewItem key={review.id} review={review} />)
  const load = async (): Promise<void> => {
    try {
      setOlder((await readReviews(apiUrl, slug)).slice(shown))
    } catch {
      setFailed(true)
    }
  }
  return (
    <li className="py-6">
      <button type="button" onClick={() => void load()} className="text-link text-sm">
        Read the older ones
      </button>
      {failed && <p className="mt-2 text-sm text-accent">They are out of reach just now. Please try again.</p>}
    </li>
  )
}

async function readReviews(base: string, slug: string): Promise<readonly Review[]> {
  const response = await fetch(atThisRelease(`/v1/products/${slug}/reviews`, base))
  if (!response.ok) throw new Error(`the API answered ${response.status}`)
  return ((await response.json()) as ReviewList).reviews
}
