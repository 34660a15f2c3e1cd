import { z } from 'zod'
import type { RenderLine } from './render-line.ts'

/** A workspace, or the account of one person. */
export const renderOwnerSchema = z.object({ id: z.string(), name: z.string(), type: z.enum(['user', 'team']) })
export type RenderOwner = z.infer<typeof renderOwnerSchema>

export interface RenderOwners {
  /** Those that the API key can reach. */
  list(signal: AbortSignal): Promise<readonly RenderOwner[]>
}

export function createOwners(line: RenderLine): RenderOwners {
  const entry = z.object({ cursor: z.string(), owner: renderOwnerSchema })
  return {
    async list(signal) {
      const found = await line.list(entry, { path: '/owners', to: 'list workspaces' }, signal)
      return found.map(({ owner }) => owner)
    },
  }
}
