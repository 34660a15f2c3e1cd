'use server'

import { appNameSchema, contract, hookWishSchema, type Problem } from '@plimsoll/model'
import { revalidatePath } from 'next/cache'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import type { Made } from './manage-access.ts'
import { refusal } from './refusal.ts'
import { wrongForm } from './wrong-form.ts'

/** Settles what is done when the repository of `app` changes. */
export async function setHook(app: string, _before: Made | undefined, form: FormData): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const fields = Object.fromEntries([...form].filter(([key, value]) => value !== '' && !key.startsWith('$')))
  const given = hookWishSchema.safeParse({ ...fields, forks: fields['forks'] === 'true' })
  if (!given.success) return { problem: wrongForm(given.error) }
  const answer = await askApi(contract.setHook, { params: { app: appNameSchema.parse(app) }, body: given.data })
  if (answer.is === 'problem') return { problem: answer.problem }
  revalidatePath(paths.github(app))
  const { path, secret } = answer.value
  const says = `At GitHub, under Settings, Webhooks: the payload URL is the address at which GitHub reaches this API and ${path}, the content type application/json, the events pushes and pull requests`
  return { shown: secret === undefined ? { says: `${says}; the secret stays as it is.` } : { says: `${says}, and the secret, which is not shown again:`, secret } }
}

export async function removeHook(app: string): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.removeHook, { params: { app: appNameSchema.parse(app) } })
  revalidatePath(paths.github(app))
  return answer.is === 'problem' ? answer.problem : undefined
}
