'use server'

import { contract, type Problem } from '@plimsoll/model'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import { refusal } from './refusal.ts'

// What a browser sends is only a claim: whoever can reach the port can call an action with anything.
const asked = z.object({ app: z.string().min(1).max(100), keptAs: z.string().min(1).max(500) })

/** Keeps the value that was typed, from the next release on. It is sent on and forgotten: nothing shows it again. */
export async function keepValue(app: string, keptAs: string, form: FormData): Promise<Problem | undefined> {
  const params = asked.parse({ app, keptAs })
  const refused = await refusal()
  if (refused !== undefined) return refused
  const given = z.string().min(1).max(100_000).safeParse(form.get('value'))
  if (!given.success) return { code: 'USAGE', message: `Give a value for ${params.keptAs}` }
  const answer = await askApi(contract.setValues, { params: { app: params.app }, body: { values: { [params.keptAs]: given.data } } })
  revalidatePath(paths.environment(params.app))
  return answer.is === 'problem' ? answer.problem : undefined
}

/** Forgets a value; what runs keeps it. */
export async function forgetValue(app: string, keptAs: string): Promise<Problem | undefined> {
  const params = asked.parse({ app, keptAs })
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.unsetValue, { params: { app: params.app, key: params.keptAs } })
  revalidatePath(paths.environment(params.app))
  return answer.is === 'problem' ? answer.problem : undefined
}
