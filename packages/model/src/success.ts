import { z } from 'zod'

/** One figure about how releasing goes, as it really stands. */
const measureSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** In words, with how many it is of. */
  value: z.string(),
  /** What it is held against; absent for what has no bar. */
  bar: z.string().optional(),
  /** `yes`, `no`, or that too little is known to say. */
  holds: z.enum(['yes', 'no', 'not known']).optional(),
  /** How it was computed, and of what. */
  how: z.string(),
  /** It rests on a guess about what people meant. */
  inferred: z.literal(true).optional(),
})
export type Measure = z.infer<typeof measureSchema>

/** How releasing an App goes: the five metrics of a team that wants to deploy without looking, and the five of DORA. */
export const successSchema = z.object({
  /** How many releases it is about, and since when. */
  releases: z.number().int(),
  since: z.iso.datetime().nullable(),
  metrics: z.array(measureSchema),
  dora: z.array(measureSchema),
})
export type Success = z.infer<typeof successSchema>
