'use client'

import { useActionState } from 'react'
import { type BagAnswer, checkOut } from './actions'

const START: BagAnswer = { message: '' }

export interface CheckOutProps {
  readonly signedIn: boolean
  readonly idempotencyKey: string
}

export function CheckOut({ signedIn, idempotencyKey }: CheckOutProps) {
  const [answer, action, pending] = useActionState(checkOut, START)
  return (
    <form action={action} className="mt-6 space-y-3">
      <input type="hidden" name="key" value={idempotencyKey} />
      <button type="submit" className="button w-full" disabled={pending}>
        {pending ? 'Casting off…' : signedIn ? 'Place the order' : 'Sign in and order'}
      </button>
      <p role="status" className="text-sm text-accent empty:hidden">
        {pending ? '' : answer.message}
      </p>
    </form>
  )
}
