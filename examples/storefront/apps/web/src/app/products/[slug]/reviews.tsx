import type { Review } from '@storefront/contract'
import { Stars } from '@/components/stars'
import { ReviewForm } from './review-form'

const day = new Intl.DateTimeFormat('en-IE', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

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
          {reviews.slice(0, 6).map((review) => (
            <li key={review.id} className="py-6 first:pt-0">
              <Stars rating={review.rating} />
              <p className="mt-2 leading-relaxed break-words">{review.body}</p>
              <p className="mt-2 text-sm text-soft">
                {review.author}, {day.format(new Date(review.writtenAt))}
              </p>
            </li>
          ))}
        </ul>
      </div>
      {/* The key makes a form that is sent twice count once. */}
      <ReviewForm slug={slug} idempotencyKey={crypto.randomUUID()} />
    </section>
  )
}
