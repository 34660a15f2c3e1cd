import { z } from 'zod'
import { ProductSlug } from './product.ts'
import { withoutNul } from './text.ts'

export const NewReview = z.object({
  productSlug: ProductSlug,
  author: withoutNul.trim().min(1, 'Please tell us your name').max(60),
  rating: z.int().min(1).max(5),
  body: withoutNul.trim().min(1, 'Please write a few words').max(2000),
})
export type NewReview = z.infer<typeof NewReview>

export const Review = NewReview.extend({ id: z.uuid(), writtenAt: z.iso.datetime() })
export type Review = z.infer<typeof Review>

export const ReviewList = z.object({ reviews: z.array(Review) })
export type ReviewList = z.infer<typeof ReviewList>

/** How often a write with this key has arrived, whatever was answered. */
export const Attempts = z.object({ attempts: z.int().nonnegative() })
