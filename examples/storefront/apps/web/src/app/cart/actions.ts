'use server'

import { Cart, ChangeCartItem, Order } from '@storefront/contract'
import { redirect } from 'next/navigation'
import { ApiRefusal, callApi } from '@/shop/call-api'
import { failureText } from '@/shop/failure-text'
import { bagId, rememberBag, sessionToken } from '@/shop/shop-cookies'

export interface BagAnswer {
  readonly message: string
}

export async function changeQuantity(_before: BagAnswer, form: FormData): Promise<BagAnswer> {
  const change = ChangeCartItem.safeParse({ quantity: Number(form.get('quantity')) })
  if (!change.success) return { message: 'Between one and twenty, please' }
  return changeItem(form, 'PATCH', change.data)
}

export async function removeItem(_before: BagAnswer, form: FormData): Promise<BagAnswer> {
  return changeItem(form, 'DELETE')
}

export async function checkOut(_before: BagAnswer, form: FormData): Promise<BagAnswer> {
  const [cartId, session] = await Promise.all([bagId(), sessionToken()])
  if (cartId === undefined) return { message: 'The bag is empty' }
  if (session === undefined) redirect('/sign-in?next=/cart')
  let order: Order
  try {
    order = await callApi({
      path: '/orders',
      method: 'POST',
      body: { cartId },
      sessionToken: session,
      idempotencyKey: String(form.get('key')),
      answer: Order,
    })
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 401) redirect('/sign-in?next=/cart')
    return { message: failureText(error) }
  }
  await rememberBag(cartId, 0)
  redirect(`/orders?placed=${order.number}`)
}

async function changeItem(
  form: FormData,
  method: 'PATCH' | 'DELETE',
  body?: ChangeCartItem,
): Promise<BagAnswer> {
  const cartId = await bagId()
  if (cartId === undefined) return { message: 'The bag is empty' }
  try {
    const path = `/carts/${cartId}/items/${encodeURIComponent(String(form.get('item')))}`
    const cart = await callApi({ path, method, body, answer: Cart })
    await rememberBag(cart.id, cart.itemCount)
    return { message: '' }
  } catch (error) {
    return { message: failureText(error) }
  }
}
