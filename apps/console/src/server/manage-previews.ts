'use server'

import { appNameSchema, contract, previewSettingsSchema, type Problem } from '@plimsoll/model'
import { revalidatePath } from 'next/cache'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import type { Made } from './manage-access.ts'
import { refusal } from './refusal.ts'
import { wrongForm } from './wrong-form.ts'

/** Makes a preview of the newest commit of a branch, or releases that in the one that is there. */
export async function createPreview(app: string, _before: Made | undefined, form: FormData): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const given = contract.createPreview.body.safeParse({ branch: form.get('branch') })
  if (!given.success) return { problem: wrongForm(given.error) }
  const answer = await askApi(contract.createPreview, { params: { app: appNameSchema.parse(app) }, body: given.data })
  if (answer.is === 'problem') return { problem: answer.problem }
  revalidatePath(paths.previews(app))
  return { shown: { says: `${answer.value.app} is being made.` } }
}

export async function setPreviewSettings(app: string, _before: Made | undefined, form: FormData): Promise<Made> {
  const refused = await refusal()
  if (refused !== undefined) return { problem: refused }
  const fields = Object.fromEntries([...form].flatMap(([key, value]) => (key.startsWith('$') || typeof value !== 'string' ? [] : [[key, value]])))
  const given = previewSettingsSchema.safeParse({
    ...fields, secrets: (fields['secrets'] ?? '').split(',').map((key) => key.trim()).filter((key) => key !== ''),
    forks: fields['forks'] === 'true', verify: fields['verify'] === 'true', limit: Number(fields['limit']), expireAfterDays: Number(fields['expireAfterDays']),
  })
  if (!given.success) return { problem: wrongForm(given.error) }
  const answer = await askApi(contract.setPreviewSettings, { params: { app: appNameSchema.parse(app) }, body: given.data })
  if (answer.is === 'problem') return { problem: answer.problem }
  revalidatePath(paths.previews(app))
  return { shown: { says: 'It holds for what is made from now on.' } }
}

/** Lets a preview live until somebody ends it. */
export async function keepPreview(app: string, preview: string): Promise<Problem | undefined> {
  return steered(app, () => askApi(contract.keepPreview, { params: { app: appNameSchema.parse(app), preview: appNameSchema.parse(preview) }, body: { days: null } }))
}

export async function endPreview(app: string, preview: string): Promise<Problem | undefined> {
  return steered(app, () => askApi(contract.endPreview, { params: { app: appNameSchema.parse(app), preview: appNameSchema.parse(preview) } }))
}

async function steered(app: string, ask: () => ReturnType<typeof askApi>): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await ask()
  revalidatePath(paths.previews(app))
  return answer.is === 'problem' ? answer.problem : undefined
}
