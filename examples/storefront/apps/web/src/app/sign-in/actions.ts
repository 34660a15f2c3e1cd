'use server'

import { Session, SignIn } from '@storefront/contract'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { callApi } from '@/shop/call-api'
import { failureText } from '@/shop/failure-text'
import { returnPath } from '@/shop/return-path'
import { forgetSession, rememberSession, sessionToken } from '@/shop/shop-cookies'

export interface SignInAnswer {
  readonly message: string
  readonly email: string
}

export async function signIn(_before: SignInAnswer, form: FormData): Promise<SignInAnswer> {
  const email = String(form.get('email') ?? '')
  const account = SignIn.safeParse({ email, password: form.get('password') })
  if (!account.success) return { message: 'Please give an e-mail address and a password', email }
  try {
    const session = await callApi({
      path: '/session',
      method: 'POST',
      body: account.data,
      answer: Session,
    })
    await rememberSession(session.token, session.customer.name, new Date(session.expiresAt))
  } catch (error) {
    return { message: failureText(error), email }
  }
  redirect(returnPath(form.get('next')))
}

export async function signOut(): Promise<void> {
  const token = await sessionToken()
  try {
    const call = { path: '/session', method: 'DELETE', sessionToken: token, answer: z.null() } as const
    await callApi(call)
  } catch (error) {
    // The cookie goes all the same; the session left behind in the database expires by itself.
    console.error(error)
  }
  await forgetSession()
  redirect('/')
}
