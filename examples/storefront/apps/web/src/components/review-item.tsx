import type { Review } from '@storefront/contract'
import { Stars } from './stars'

const day = new Intl.DateTimeFormat('en-IE', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

export function ReviewItem({ review }: { readonly review: Review }) {
  return (
    <li className="py-6 first:pt-0">
      <Stars rating={review.rating} />
      <p className="mt-2 leading-relaxed break-words">{review.body}</p>
      <p className="mt-2 text-sm text-soft">
        {review.author}, {day.format(new Date(review.writtenAt))}
      </p>
    </li>
  )
}
