'use server'

import { contract, passwordSchema, userNameSchema, type Problem, type Session } from '@plimsoll/model'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { paths } from '../paths.ts'
import { askApi, tryApi, type Answer } from './ask-api.ts'
import { refusal } from './refusal.ts'
import { forgetSession, keepSession, localPath } from './session.ts'

// What a browser sends is only a claim: whoever can reach the port can call an action with anything.
const text = z.string().max(300)

/** Signs in, and leads to where somebody wanted to go. */
export async function signIn(to: string, form: FormData): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const given = z.object({ name: userNameSchema, password: text }).safeParse(Object.fromEntries(form))
  if (!given.success) return { code: 'USAGE', message: 'Give your name and your password' }
  return begin(await tryApi(contract.signIn, { body: given.data }), localPath(text.parse(to)))
}

/** Follows an invitation with the password that was chosen. */
export async function join(code: string, form: FormData): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const { password, again } = z.object({ password: text, again: text }).parse(Object.fromEntries(form))
  const fault = faultIn(password, again)
  if (fault !== undefined) return fault
  return begin(await tryApi(contract.join, { body: { code: text.parse(code), password } }), paths.overview)
}

/** Chooses another password; other browsers of the same user are signed out. */
export async function changePassword(form: FormData): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const { current, password, again } = z.object({ current: text, password: text, again: text }).parse(Object.fromEntries(form))
  const fault = faultIn(password, again)
  if (fault !== undefined) return fault
  const answer = await askApi(contract.changePassword, { body: { current, next: password } })
  return answer.is === 'problem' ? answer.problem : redirect(`${paths.account}?changed=yes`)
}

export async function signOut(): Promise<void> {
  if ((await refusal()) !== undefined) return
  // Also when the API is away, or has ended it already: here it is over.
  await tryApi(contract.signOut, {})
  await forgetSession()
  redirect(paths.signIn)
}

function faultIn(password: string, again: string): Problem | undefined {
  if (password !== again) return { code: 'USAGE', message: 'The two passwords differ' }
  const checked = passwordSchema.safeParse(password)
  return checked.success ? undefined : { code: 'USAGE', message: `The password ${checked.error.issues[0]?.message ?? 'cannot be used'}` }
}

async function begin(answer: Answer<Session>, to: string): Promise<Problem | undefined> {
  if (answer.is === 'problem') return answer.problem
  await keepSession(answer.value)
  return redirect(to)
}
