import 'server-only'
import { Cart } from '@storefront/contract'
import { ApiRefusal, callApi } from './call-api'
import { bagId } from './shop-cookies'

/** The visitor's cart, or undefined when there is none or it has expired. */
export async function readBag(): Promise<Cart | undefined> {
  const id = await bagId()
  if (id === undefined) return undefined
  return orMissing(callApi({ path: `/carts/${encodeURIComponent(id)}`, answer: Cart }))
}

export async function readOrCreateBag(): Promise<Cart> {
  return (await readBag()) ?? callApi({ path: '/carts', method: 'POST', answer: Cart })
}

async function orMissing(cart: Promise<Cart>): Promise<Cart | undefined> {
  try {
    return await cart
  } catch (error) {
    if (error instanceof ApiRefusal && (error.status === 404 || error.status === 400)) {
      return undefined
    }
    throw error
  }
}
