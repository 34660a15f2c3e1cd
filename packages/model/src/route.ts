import { z } from 'zod'
import type { Needs } from './access.ts'

/** One thing that the API can be asked. Fastify, the client and the OpenAPI document all read it from here. */
export interface Route<Reply = unknown, Body = unknown, Query = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `:name` stands for a parameter. With `:app` in it, it is about that app. */
  readonly path: string
  readonly summary: string
  readonly needs: Needs
  readonly body: z.ZodType<Body>
  readonly query: z.ZodType<Query>
  /** For a stream: the events, each `{ event, data }` of a server-sent event stream. */
  readonly reply: z.ZodType<Reply>
  readonly stream: boolean
  /** Of a body that is a stream of bytes and no JSON; `body` says nothing then. */
  readonly upload?: string
  /** Somebody else may change it meanwhile: looked at, it has an `ETag`, and a change heeds `If-Match` with that. */
  readonly guarded?: true
  /** Whoever asks proves it by a signature over the body, which is looked at before anything else. */
  readonly signed?: true
  /** Of an answer that is text and no JSON. */
  readonly mediaType?: string
  /** What the audit log keeps of the body of a change, besides the path's parameters: nothing unless given, and never a secret. */
  noted(body: Body): Readonly<Record<string, unknown>>
}

const none = z.undefined()
const noQuery = z.object({})

type Given<Reply, Body, Query> = Partial<Route<Reply, Body, Query>> & Pick<Route<Reply, Body, Query>, 'method' | 'path' | 'summary' | 'needs' | 'reply'>

export function route<Reply, Body = undefined, Query = Record<string, never>>(given: Given<Reply, Body, Query>): Route<Reply, Body, Query> {
  return { body: none as unknown as z.ZodType<Body>, query: noQuery as unknown as z.ZodType<Query>, stream: false, noted: () => ({}), ...given }
}
