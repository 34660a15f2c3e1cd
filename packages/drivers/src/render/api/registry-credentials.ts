import { z } from 'zod'
import type { RenderLine } from './render-line.ts'

const renderCredentialSchema = z.looseObject({ id: z.string(), name: z.string() })
export type RenderCredential = z.infer<typeof renderCredentialSchema>

/** What opens registries of images; the secrets themselves are never read. */
export interface RenderCredentials {
  /** A hundred at most. */
  list(filter: { readonly ownerId: string }, signal: AbortSignal): Promise<readonly RenderCredential[]>
}

export function createCredentials(line: RenderLine): RenderCredentials {
  return {
    // The document shows this list without cursors: one page of it has to do.
    list: ({ ownerId }, signal) => line.read(z.array(renderCredentialSchema), { path: '/registrycredentials', query: { ownerId: [ownerId], limit: 100 }, to: 'list registry credentials' }, signal),
  }
}
