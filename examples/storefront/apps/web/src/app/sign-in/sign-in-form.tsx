'use client'

import { useActionState } from 'react'
import { signIn, type SignInAnswer } from './actions'

const START: SignInAnswer = { message: '', email: '' }

export function SignInForm({ next }: { readonly next: string }) {
  const [answer, action, pending] = useActionState(signIn, START)
  return (
    <form action={action} className="space-y-5">
      <input type="hidden" name="next" value={next} />
      <label className="grid content-start gap-1.5 text-sm">
        <span className="font-medium">E-mail</span>
        <input
          type="email"
          name="email"
          required
          autoComplete="username"
          defaultValue={answer.email}
          className="field"
        />
      </label>
      <label className="grid content-start gap-1.5 text-sm">
        <span className="font-medium">Password</span>
        <input type="password" name="password" required autoComplete="current-password" className="field" />
      </label>
      <button type="submit" className="button w-full" disabled={pending}>
        {pending ? 'Signing in…' : 'Sign in'}
      </button>
      <p role="alert" className="text-sm text-accent empty:hidden">
        {pending ? '' : answer.message}
      </p>
    </form>
  )
}
