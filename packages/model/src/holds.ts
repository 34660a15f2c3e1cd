import { z } from 'zod'

/**
 * Longest that a request is made to wait: 30 s. Clients give up after that (browsers later, most HTTP libraries and load balancers
 * at 30 to 60 s), and kamal-proxy has the same limit for the same purpose.
 */
export const longestPauseMs = 30_000

/** Requests wait at the Edge. Those that came before it are not touched. */
export const pauseSchema = z.object({
  since: z.iso.datetime(),
  /** No request waits longer than until then. At most {@link longestPauseMs} after `since`. */
  until: z.iso.datetime(),
  /** What becomes of requests at `until`, and after it: they are served as if nothing had been, or refused with 503 until the pause is ended. */
  atEnd: z.enum(['serve', 'refuse']),
}).refine(({ since, until }) => Date.parse(until) - Date.parse(since) <= longestPauseMs, { error: 'A pause lasts 30 s at most', path: ['until'] })
export type Pause = z.infer<typeof pauseSchema>

/** Requests are answered with 503 and a page, until it is ended. */
export const maintenanceSchema = z.object({
  since: z.iso.datetime(),
  /** One or two sentences for whoever reads the page. */
  message: z.string().max(1_000).optional(),
  /** A whole HTML document for browsers, in place of the Edge's own page. */
  page: z.string().max(256 * 1024).optional(),
})
export type Maintenance = z.infer<typeof maintenanceSchema>

/** What keeps an App's requests from being served. Maintenance goes before a pause. */
export const holdsSchema = z.object({ maintenance: maintenanceSchema.optional(), pause: pauseSchema.optional() })
export type Holds = z.infer<typeof holdsSchema>
