import type { z } from 'zod'

export type RenderMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What is undefined is left out. */
export type RenderQuery = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface RenderRequest {
  /** Below the base, with a leading slash: `/services`. */
  readonly path: string
  readonly query?: RenderQuery
  /** How lists of the query are written: joined by commas unless told. */
  readonly lists?: 'joined' | 'repeated'
  /** In the words that follow "could not": `list services`. */
  readonly to: string
}

/** Something that is changed. */
export interface RenderWrite<Answer> extends RenderRequest {
  readonly method: Exclude<RenderMethod, 'GET'>
  /** Sent as JSON. */
  readonly body?: unknown
  /** The body as a person may see it; the body itself where it holds no secret. */
  readonly shown?: unknown
  /** Of the answer's JSON, which is undefined for an empty body. */
  readonly answer: z.ZodType<Answer>
  /** Stands in for the answer where writes are noted only. */
  readonly pretended: Answer
  /** Doing it twice is doing it once. Only POST has to say so. */
  readonly repeatable?: boolean
  /** What became of it, when the answer was lost; undefined when nothing did, and it may be sent again. */
  readonly lookFor?: (signal: AbortSignal) => Promise<Answer | undefined>
}

/** A write that was noted and not sent. */
export interface NotedRequest {
  readonly method: RenderMethod
  /** Under the base: `/services/srv-…/env-vars/STRIPE_KEY` */
  readonly path: string
  /** Secrets are replaced by {@link hidden}. Absent where nothing is sent along. */
  readonly body?: unknown
}

/** What stands for a secret in a {@link NotedRequest}. */
export const hidden = '(hidden)'

/** How ids of things begin that would have been created. What is asked about them is not sent: there is nothing to find. */
export const notedPrefix = 'noted-'

export function pathOf(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('')
}

/** Render's document asks for lists that are joined by commas here, and for one parameter an entry there. */
export function queryText({ query = {}, lists = 'joined' }: Pick<RenderRequest, 'query' | 'lists'>): string {
  const entries = Object.entries(query).flatMap(([key, value]): [string, string][] => {
    if (value === undefined) return []
    if (typeof value !== 'object') return [[key, String(value)]]
    return lists === 'joined' ? [[key, value.join(',')]] : value.map((each) => [key, each])
  })
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`
}
