import { z } from 'zod'

/** One request that a release would send to the platform that it is released to. */
export const platformRequestSchema = z.object({
  method: z.string(),
  /** Below the platform's own address. */
  path: z.string(),
  /** Without secrets. */
  body: z.unknown().optional(),
})
export type PlatformRequest = z.infer<typeof platformRequestSchema>

/** What a release in place would do, without any of it done. */
export const inPlacePreviewSchema = z.object({
  /** What the place cannot do, in whole sentences. */
  cannot: z.array(z.string()),
  /** Each difference, as a person is told of it. */
  changes: z.array(z.string()),
  /** What differs, or has no value, and is left alone. */
  left: z.array(z.string()),
  /** In the order in which they would be sent. */
  requests: z.array(platformRequestSchema),
})
export type InPlacePreview = z.infer<typeof inPlacePreviewSchema>
