import { readFile } from 'node:fs/promises'
import { artifactSchema } from '@plimsoll/model'
import { z } from 'zod'

/** What is written beside an artifact's files: the Artifact itself, and where it came from. */
export const artifactManifestSchema = z.object({
  format: z.literal(1),
  artifact: artifactSchema,
  app: z.string(),
  /** The commands that the layout was made for. */
  startCommand: z.string().optional(),
  /** Files that the commands run, relative to the artifact's files. */
  entries: z.array(z.string()),
  /** Next.js's own id of the build, from its BUILD_ID file. */
  buildId: z.string().optional(),
  dirty: z.boolean(),
  /** `node 24`, `pnpm 12`. */
  tools: z.array(z.string()),
  /** How the artifact was tried before it counted, in words. */
  tried: z.string(),
})
export type ArtifactManifest = z.infer<typeof artifactManifestSchema>

/** Undefined when there is none, or one that another version wrote: the artifact is then built anew. */
export async function readArtifactManifest(file: string): Promise<ArtifactManifest | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return artifactManifestSchema.parse(JSON.parse(text))
  } catch {
    // Torn or foreign: as good as absent, because whatever it named can be built again.
    return undefined
  }
}
