import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { releaseNumberSchema } from '@plimsoll/model'
import { z } from 'zod'

/** One published tree: which path under its prefix has which bytes. Written when all its files are in the store. */
export const assetManifestSchema = z.object({
  service: z.string(),
  release: releaseNumberSchema,
  publishedAt: z.iso.datetime(),
  urlPrefix: z.string(),
  /** Path below the prefix → content. */
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() })),
})
export type AssetManifest = z.infer<typeof assetManifestSchema>

/** All manifests of a directory. One that cannot be understood is reported, and its files are as if never published. */
export async function readManifests(directory: string, onDamage: (path: string) => void): Promise<AssetManifest[]> {
  const manifests: AssetManifest[] = []
  for (const name of await namesIn(directory)) {
    if (!name.endsWith('.json')) continue
    const path = join(directory, name)
    const manifest = assetManifestSchema.safeParse(parsed(await readFile(path, 'utf8')))
    if (manifest.success) manifests.push(manifest.data)
    else onDamage(path)
  }
  return manifests
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: refused by the schema like any other damage.
    return undefined
  }
}

export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
