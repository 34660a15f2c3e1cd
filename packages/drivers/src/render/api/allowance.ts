import type { RenderMethod } from './render-request.ts'

/** Requests that Render counts together. */
export interface Allowance {
  readonly name: string
  /** As documented; what an answer's headers say counts for more. */
  readonly limit: number
  readonly windowMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Which allowance a request draws on (https://api-docs.render.com/reference/rate-limiting). */
export function allowanceOf(method: RenderMethod, path: string): Allowance {
  if (method === 'GET') return { name: 'reads', limit: 400, windowMs: minuteMs }
  if (method === 'POST' && path === '/services') return { name: 'new services', limit: 20, windowMs: hourMs }
  const service = /^\/services\/([^/]+)(?:\/(deploys|rollback|suspend|resume|jobs))?$/.exec(path)
  const [, id = '', verb] = service ?? []
  if (method === 'POST' && verb === 'jobs') return { name: 'jobs', limit: 2000, windowMs: hourMs }
  // A rollback is a deploy too.
  if (service !== null && (method === 'PATCH' || verb !== undefined)) return { name: `changes of ${id}`, limit: 10, windowMs: minuteMs }
  return { name: 'other writes', limit: 30, windowMs: minuteMs }
}
