import 'server-only'
import { cache } from 'react'
import { Product, ProductList, ReviewList, type Category, type Review } from '@storefront/contract'
import { ApiRefusal, callApi } from './call-api'

export async function listProducts(category?: Category): Promise<Product[]> {
  const query = category === undefined ? '' : `?category=${category}`
  const { products } = await callApi({ path: `/products${query}`, answer: ProductList })
  return products
}

export async function listDeals(revalidateSeconds: number): Promise<Product[]> {
  const path = '/products?deals=true'
  const { products } = await callApi({ path, answer: ProductList, revalidateSeconds })
  return products
}

/** Asked for by a page and by its title, and fetched once: Next does not unite calls that have a time limit of their own. */
export const findProduct = cache(
  async (slug: string): Promise<Product | undefined> =>
    unlessMissing(callApi({ path: `/products/${encodeURIComponent(slug)}`, answer: Product })),
)

/** What there is no product of has no reviews either. */
export async function listReviews(slug: string): Promise<Review[]> {
  const path = `/products/${encodeURIComponent(slug)}/reviews`
  return (await unlessMissing(callApi({ path, answer: ReviewList })))?.reviews ?? []
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    // 400: the slug has a form that no product can have.
    if (error instanceof ApiRefusal && (error.status === 404 || error.status === 400)) {
      return undefined
    }
    throw error
  }
}
