'use server'

import { AddCartItem, Cart, NewReview, Review } from '@storefront/contract'
import { revalidatePath } from 'next/cache'
import { readOrCreateBag } from '@/shop/bag'
import { callApi } from '@/shop/call-api'
import { failureText } from '@/shop/failure-text'
import { rememberBag } from '@/shop/shop-cookies'

export interface FormAnswer {
  readonly status: 'idle' | 'done' | 'failed'
  readonly message: string
}

export async function addToBag(_before: FormAnswer, form: FormData): Promise<FormAnswer> {
  const item = AddCartItem.safeParse({
    productSlug: form.get('slug'),
    size: form.get('size') ?? '',
  })
  if (!item.success) return { status: 'failed', message: 'Please choose a size first' }
  try {
    const bag = await readOrCreateBag()
    const path = `/carts/${bag.id}/items`
    const filled = await callApi({ path, method: 'POST', body: item.data, answer: Cart })
    await rememberBag(filled.id, filled.itemCount)
    return { status: 'done', message: 'In your bag' }
  } catch (error) {
    return { status: 'failed', message: failureText(error) }
  }
}

export async function writeReview(_before: FormAnswer, form: FormData): Promise<FormAnswer> {
  const review = NewReview.safeParse({
    productSlug: form.get('slug'),
    author: form.get('author'),
    rating: Number(form.get('rating')),
    body: form.get('body'),
  })
  if (!review.success) {
    return { status: 'failed', message: review.error.issues[0]?.message ?? 'Please check the form' }
  }
  try {
    await callApi({
      path: '/reviews',
      method: 'POST',
      body: review.data,
      idempotencyKey: String(form.get('key')),
      answer: Review,
    })
  } catch (error) {
    return { status: 'failed', message: failureText(error) }
  }
  revalidatePath(`/products/${review.data.productSlug}`)
  return { status: 'done', message: 'Thank you, it is posted' }
}
