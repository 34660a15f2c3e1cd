import { z } from 'zod'

/** What was sent with `sendSource`: `prefix` is the directory of the repository that holds the Blueprint. */
export const sentSourceSchema = z.object({ sent: z.string().regex(/^[0-9a-z-]+$/), prefix: z.string().max(500).optional(), blueprint: z.string() })
export type SentSource = z.infer<typeof sentSourceSchema>
