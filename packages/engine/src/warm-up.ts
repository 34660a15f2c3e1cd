import { z } from 'zod'
import type { CandidateUnit } from './check.ts'

/** What warming brought, over all instances of one service. */
export const warmthSchema = z.object({
  service: z.string(),
  requests: z.number().int(),
  /** How long an answer took on average, in milliseconds, when the unit was asked first and when it was asked last. */
  firstMs: z.number(),
  lastMs: z.number(),
  /** The paths that answered well. */
  paths: z.array(z.string()).default([]),
})
export type Warmth = z.infer<typeof warmthSchema>

/**
 * Asks a unit again and again before any user does, so that what is loaded and compiled at the first requests is loaded
 * and compiled by then. Bad answers are for the checks to find and never throw; undefined when there was nothing to ask or
 * no answer. Rejects only with the signal's reason. Asking twice warms twice.
 */
export type WarmUp = (unit: CandidateUnit, signal: AbortSignal) => Promise<Warmth | undefined>

/** service → the paths that are known to answer well. */
export function pagesIn(warmth: readonly Warmth[]): Record<string, readonly string[]> {
  return Object.fromEntries(warmth.map(({ service, paths }) => [service, paths]))
}
