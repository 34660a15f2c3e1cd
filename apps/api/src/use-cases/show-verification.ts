import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { PlimsollError, verdictsOf, type AppName, type EvidenceFile, type Verification } from '@plimsoll/model'
import type { Services } from '../services.ts'

/** All of one verification. Throws `NOT_FOUND`. */
export async function showVerification({ store }: Pick<Services, 'store'>, app: AppName, id: string): Promise<Verification> {
  const found = await store.verifications.find(id)
  if (found?.app === app) return found
  throw new PlimsollError('NOT_FOUND', `${app} has no verification ${id}`)
}

const mediaTypes: Readonly<Record<string, string>> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp' }

/** A file that an answer of it names, and no other. Throws `NOT_FOUND`, also for one that was pruned. */
export async function showEvidence(services: Pick<Services, 'store'>, app: AppName, { verification: id, file }: { readonly verification: string; readonly file: string }): Promise<EvidenceFile> {
  const verification = await showVerification(services, app, id)
  const isNamed = verdictsOf(verification).some(({ evidence = [] }) => evidence.some((each) => each.file === file))
  const bytes = isNamed ? await readFile(join(verification.directory, 'evidence', file)).catch(() => undefined) : undefined
  if (bytes === undefined) throw new PlimsollError('NOT_FOUND', `Verification ${id} of ${app} has no file ${file}`)
  return { mediaType: mediaTypes[extname(file).toLowerCase()] ?? 'application/octet-stream', base64: bytes.toString('base64') }
}
