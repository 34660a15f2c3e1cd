'use server'

import { appNameSchema, contract, longestTokenDays, roleSchema, userNameSchema, type Problem } from '@plimsoll/model'
import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { readConfig } from '../config.ts'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import { refusal } from './refusal.ts'

/** What a form shows after it was sent: what was made and is told this once, or why nothing was. */
export type Made = { readonly shown: { readonly says: string; readonly secret?: string } } | { readonly problem: Problem }

const id = z.string().min(1).max(100)
const app = z.union([z.literal('*'), appNameSchema])
const access = z.object({ name: userNameSchema, role: roleSchema, app })

export async function inviteUser(_before: Made | undefined, form: FormData): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const given = access.safeParse(Object.fromEntries(form))
  if (!given.success) return { problem: { code: 'USAGE', message: 'Give a name, of at most 64 characters' } }
  const { name, ...grant } = given.data
  const answer = await askApi(contract.inviteUser, { body: { name, grants: [grant] } })
  if (answer.is === 'problem') return { problem: answer.problem }
  revalidatePath(paths.people)
  return { shown: { says: `Send ${name} this link. It works once, for a week, and is not shown again.`, secret: `${await origin()}${paths.join(answer.value.code)}` } }
}

/** Gives somebody one role in place of all that they had. */
export async function changeUser(user: string, version: number, form: FormData): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const grant = access.omit({ name: true }).parse(Object.fromEntries(form))
  const answer = await askApi(contract.changeUser, { params: { user: id.parse(user) }, body: { grants: [grant], version: z.number().parse(version) } })
  revalidatePath(paths.people)
  return answer.is === 'problem' ? answer.problem : undefined
}

export async function removeUser(user: string): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.removeUser, { params: { user: id.parse(user) } })
  revalidatePath(paths.people)
  return answer.is === 'problem' ? answer.problem : undefined
}

export async function createToken(_before: Made | undefined, form: FormData): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const given = access.extend({ days: z.coerce.number().int().min(1).max(longestTokenDays) }).safeParse(Object.fromEntries(form))
  if (!given.success) return { problem: { code: 'USAGE', message: 'Give a name, and for how many days it is to last' } }
  const { name, role, app: only, days } = given.data
  const answer = await askApi(contract.createToken, { body: { name, scope: role, days, ...(only !== '*' && { apps: [only] }) } })
  if (answer.is === 'problem') return { problem: answer.problem }
  revalidatePath(paths.tokens)
  return { shown: { says: 'Copy it now: it is not shown again.', secret: answer.value.token } }
}

export async function revokeToken(token: string): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.revokeToken, { params: { token: id.parse(token) } })
  revalidatePath(paths.tokens)
  return answer.is === 'problem' ? answer.problem : undefined
}

/** Where people reach the console. */
async function origin(): Promise<string> {
  const { consoleUrl } = readConfig(process.env)
  return consoleUrl === undefined ? `http://${(await headers()).get('host') ?? ''}` : new URL(consoleUrl).origin
}
