import type { Review } from '@storefront/contract'
import { OlderReviews } from '@/components/older-reviews'
import { ReviewItem } from '@/components/review-item'
import { ReviewForm } from './review-form'

const SHOWN = 6

export interface ReviewsProps {
  readonly slug: string
  readonly reviews: readonly Review[]
}

export function Reviews({ slug, reviews }: ReviewsProps) {
  return (
    <section className="mt-20 grid gap-10 border-t border-line pt-12 lg:grid-cols-[1.15fr_1fr] lg:gap-16">
      <div>
        <h2 className="text-3xl">From the log</h2>
        {reviews.length === 0 && <p className="mt-4 text-soft">Nobody has written about it yet.</p>}
        <ul className="mt-6 divide-y divide-line">
          {reviews.slice(0, SHOWN).map((review) => (
            <ReviewItem key={review.id} review={review} />
          ))}
          {reviews.length > SHOWN && <OlderReviews slug={slug} shown={SHOWN} />}
        </ul>
      </div>
      {/* The key makes a form that is sent twice count once. */}
      <ReviewForm slug={slug} idempotencyKey={crypto.randomUUID()} />
    </section>
  )
}
