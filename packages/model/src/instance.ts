import { z } from 'zod'
import { releaseNumberSchema, serviceNameSchema, unitNameSchema } from './names.ts'

/** Where something listens, as its callers on the same network reach it. */
export const addressSchema = z.object({ host: z.string(), port: z.number().int().min(1).max(65535) })
export type Address = z.infer<typeof addressSchema>

/** One Service of one Release. */
export const unitSchema = z.object({
  name: unitNameSchema,
  service: serviceNameSchema,
  release: releaseNumberSchema,
})
export type Unit = z.infer<typeof unitSchema>

/** One running (or just ended) copy of a Unit, as the place itself tells it. */
export const instanceSchema = z.object({
  /** Unique for ever; the value of `RENDER_INSTANCE_ID`. */
  id: z.string(),
  unit: unitSchema,
  state: z.enum(['starting', 'running', 'backing-off', 'exited']),
  pid: z.number().int().optional(),
  address: addressSchema.optional(),
  startedAt: z.iso.datetime().optional(),
  restarts: z.number().int().nonnegative(),
  /** What a check of its own says, which the place asks again and again (`HEALTHCHECK` of an image), and what it printed last; absent where there is none. */
  health: z.object({ is: z.enum(['starting', 'healthy', 'unhealthy']), says: z.string() }).optional(),
  /** Only known where the place saw the end itself; `because` where it also knows more than the program: `it needed more than its 512 MB of memory`. */
  exit: z.object({ code: z.number().nullable(), signal: z.string().nullable(), because: z.string().optional() }).optional(),
})
export type Instance = z.infer<typeof instanceSchema>

/** One line that a build or an instance printed. */
export const logLineSchema = z.object({
  at: z.iso.datetime(),
  service: serviceNameSchema,
  /** The release's number, absent for lines that belong to no unit. */
  release: releaseNumberSchema.optional(),
  instance: z.string().optional(),
  stream: z.enum(['build', 'out', 'plimsoll']),
  text: z.string(),
  /** Given for what whoever watches is to read in any case, such as what a place cannot do. */
  notice: z.literal(true).optional(),
})
export type LogLine = z.infer<typeof logLineSchema>
