import { join } from 'node:path'
import { PlimsollError, verdictsOf, type AppName, type EvidenceFile, type Verification } from '@plimsoll/model'
import type { Services } from '../services.ts'

/** All of one verification. Throws `NOT_FOUND`. */
export async function showVerification({ store }: Pick<Services, 'store'>, app: AppName, id: string): Promise<Verification> {
  const found = await store.verifications.find(id)
  if (found?.app === app) return found
  throw new PlimsollError('NOT_FOUND', `${app} has no verification ${id}`)
}

/** A file that an answer of it names, and no other. Throws `NOT_FOUND`, also for one that was pruned. */
export async function showEvidence(services: Pick<Services, 'store'>, app: AppName, { verification: id, file }: { readonly verification: string; readonly file: string }): Promise<EvidenceFile> {
  const verification = await showVerification(services, app, id)
  const isNamed = verdictsOf(verification).some(({ evidence = [] }) => evidence.some((each) => each.file === file))
  // Only who looks at a verification pays for what reports are made with.
  const { readKept } = await import('@plimsoll/verify/report')
  const kept = isNamed ? await readKept(join(verification.directory, 'evidence'), file) : undefined
  if (kept === undefined) throw new PlimsollError('NOT_FOUND', `Verification ${id} of ${app} has no file ${file}`)
  return { mediaType: kept.picture ?? 'application/octet-stream', base64: kept.bytes.toString('base64') }
}
