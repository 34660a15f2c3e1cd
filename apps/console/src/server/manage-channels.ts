'use server'

import { channelChangeSchema, contract, newChannelSchema, type Channel, type Problem } from '@plimsoll/model'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import type { Made } from './manage-access.ts'
import { refusal } from './refusal.ts'

const id = z.string().min(1).max(100)

/** Keeps a channel of `kind`; of the form, everything that is not empty belongs to how it is reached. */
export async function addChannel(kind: Channel['kind'], _before: Made | undefined, form: FormData): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const { name, app, topics: _topics, to, ...rest } = Object.fromEntries([...form].filter(([key, value]) => value !== '' && !key.startsWith('$')))
  const way = { kind, ...rest, ...(typeof to === 'string' && { to: to.split(',').map((each) => each.trim()) }) }
  const given = newChannelSchema.safeParse({ name, app, topics: form.getAll('topics'), way })
  if (!given.success) return { problem: wrong(given.error) }
  const answer = await askApi(contract.addChannel, { body: given.data })
  if (answer.is === 'problem') return { problem: answer.problem }
  revalidatePath(paths.notifications)
  const { secret } = answer.value
  if (secret === undefined) return { shown: { says: `${answer.value.name} is told from now on. Send it a test.` } }
  return { shown: { says: 'Its messages are signed with this secret. Give it to the receiver now: it is not shown again.', secret } }
}

export async function changeTopics(channel: string, version: number, form: FormData): Promise<Problem | undefined> {
  const given = channelChangeSchema.safeParse({ version, name: form.get('name'), app: form.get('app'), topics: form.getAll('topics') })
  return given.success ? change(channel, given.data) : wrong(given.error)
}

export async function switchChannel(channel: string, version: number, on: boolean): Promise<Problem | undefined> {
  return change(channel, channelChangeSchema.parse({ version, on }))
}

export async function removeChannel(channel: string): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.removeChannel, { params: { channel: id.parse(channel) } })
  revalidatePath(paths.notifications)
  return answer.is === 'problem' ? answer.problem : undefined
}

/** Says what the receiver answered. */
export async function testChannel(channel: string, _before: Made | undefined): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const answer = await askApi(contract.testChannel, { params: { channel: id.parse(channel) } })
  if (answer.is === 'problem') return { problem: answer.problem }
  const { is, to, why, tookMs } = answer.value
  if (is === 'delivered') return { shown: { says: `${to} took it, after ${tookMs} ms.` } }
  return { problem: { code: 'USAGE', message: is === 'unsent' ? `Nothing was sent to ${to}. ${why ?? ''}` : `${to} did not take it: ${why ?? 'it did not say why'}.` } }
}

async function change(channel: string, body: z.infer<typeof channelChangeSchema>): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.changeChannel, { params: { channel: id.parse(channel) }, body })
  revalidatePath(paths.notifications)
  return answer.is === 'problem' ? answer.problem : undefined
}

function wrong(error: z.ZodError): Problem {
  return { code: 'USAGE', message: error.issues.map(({ path, message }) => `${path.filter((part) => part !== 'way').join('.')}: ${message}`).join('; ') }
}
