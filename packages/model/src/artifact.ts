import { z } from 'zod'
import { digestSchema, serviceNameSchema } from './names.ts'

/** Where static files of an artifact lie, and the path under which browsers ask for them. */
export const assetTreeSchema = z.object({
  /** Relative to the artifact's files, e.g. `apps/web/.next/static`. */
  directory: z.string(),
  /** Begins and ends with `/`, e.g. `/_next/static/`. */
  urlPrefix: z.string(),
})
export type AssetTree = z.infer<typeof assetTreeSchema>

/** `source`: files. `commands`: what the Blueprint says of the build. `tools`: their versions, and Plimsoll's own way to build. */
const inputPartsSchema = z.object({ source: z.string(), commands: z.string(), tools: z.string() })
export type InputParts = z.infer<typeof inputPartsSchema>

/** What `build` made for a Unit. The same bytes have the same digest, wherever and whenever they were built. */
export const artifactSchema = z.object({
  service: serviceNameSchema,
  /** Over the files: path, mode and bytes. Of an image: its id, the digest of its configuration. */
  digest: digestSchema,
  /** Over what went in: source files, commands, build environment, tool versions. Equal inputs are not built twice. */
  inputs: digestSchema,
  /** The absolute directory that holds the files; read-only. */
  files: z.string(),
  /**
   * What containers of the Unit are made from: `sha256:…` for an image that the engine has, or `name@sha256:…` for one of a registry. Absent
   * where there is none; then the files are all there is.
   */
  image: z.string().optional(),
  sizeBytes: z.number().int().nonnegative(),
  fileCount: z.number().int().nonnegative(),
  /** How the files were chosen: `next-standalone`, `traced`, `installed`, `published`; `image` for one that is all in its image. */
  layout: z.string(),
  assets: z.array(assetTreeSchema),
  /** Next.js `deploymentId` that pages of this artifact carry, if any. */
  deploymentId: z.string().optional(),
  /** Public values that the build baked in (`NEXT_PUBLIC_*`), as `KEY` → value. */
  publicValues: z.record(z.string(), z.string()),
  commit: z.string().optional(),
  builtAt: z.iso.datetime(),
  /** False when an earlier build with equal inputs was used. */
  fresh: z.boolean(),
  buildMs: z.number().nonnegative(),
  /** Of `buildMs`, until it was its turn. Only of one that was built anew. */
  waitedMs: z.number().nonnegative().optional(),
  /** Digests over parts of what went in, to tell what has changed: all of `inputs` but the values of variables, which could be guessed from one of their own. */
  parts: inputPartsSchema.optional(),
})
export type Artifact = z.infer<typeof artifactSchema>
