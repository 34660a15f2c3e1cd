import type { Clock } from '@plimsoll/engine'
import { z } from 'zod'
import { notedPrefix, type NotedRequest, type RenderRequest, type RenderWrite } from './render-request.ts'
import { renderDiffers } from './render-failure.ts'
import { createPacer } from './pacer.ts'
import { persist, type Post } from './persist.ts'
import type { RenderConnection } from './render-connection.ts'

export interface RenderLineOptions extends RenderConnection {
  /** Longest that one call may wait for its turn and for Render to get well, its tries not counted; ten minutes unless given. */
  readonly patienceMs?: number
  /** How long Render may take to answer once, in real time; a minute unless given. */
  readonly answerMs?: number
  /** Told every write, none of which is sent then. */
  readonly note?: (noted: NotedRequest) => void
}

/**
 * Requests to Render's API, paced and repeated. Every call throws `RENDER_DOWN`, `RENDER_REFUSED`, `PLACE_CANNOT` where Render wants to be paid first,
 * and the signal's reason when that fires first.
 */
export interface RenderLine {
  readonly clock: Clock
  /** Writes are noted and not sent. */
  readonly onlyNotes: boolean
  read<T>(schema: z.ZodType<T>, request: RenderRequest, signal: AbortSignal): Promise<T>
  /** Undefined for what is not there, or there no more. */
  find<T>(schema: z.ZodType<T>, request: RenderRequest, signal: AbortSignal): Promise<T | undefined>
  /** All pages of a list of `[{ cursor, … }]`, whose entries `schema` understands. */
  list<T extends { readonly cursor: string }>(schema: z.ZodType<T>, request: RenderListRequest, signal: AbortSignal): Promise<readonly T[]>
  write<Answer>(write: RenderWrite<Answer>, signal: AbortSignal): Promise<Answer>
}

export interface RenderListRequest extends RenderRequest {
  /** How many of the first entries are enough; all unless told. */
  readonly most?: number
}

export function openRenderLine(options: RenderLineOptions): RenderLine {
  const post: Post = { ...options, patienceMs: options.patienceMs ?? 600_000, answerMs: options.answerMs ?? 60_000, pacer: createPacer(options.clock) }
  const read: RenderLine['read'] = async (schema, request, signal) => {
    const { text = '' } = await persist(post, { method: 'GET', ...request }, signal)
    return understood(schema, request, text)
  }
  return {
    clock: options.clock,
    onlyNotes: options.note !== undefined,
    read,
    async find(schema, request, signal) {
      if (isAboutNoted(request)) return undefined
      const { text } = await persist(post, { method: 'GET', ...request, absent: [404, 410] }, signal)
      return text === undefined ? undefined : understood(schema, request, text)
    },
    async list(schema, request, signal) {
      if (isAboutNoted(request)) return []
      const found: z.infer<typeof schema>[] = []
      for (let cursor: string | undefined; ;) {
        const page = await read(z.array(schema), { ...request, query: { ...request.query, limit: pageSize, cursor } }, signal)
        found.push(...page)
        cursor = page.at(-1)?.cursor
        if (page.length < pageSize || cursor === undefined || found.length >= (request.most ?? Infinity)) return found
      }
    },
    async write(write, signal) {
      signal.throwIfAborted()
      if (options.note === undefined) return send(post, write, signal)
      options.note({ method: write.method, path: write.path, ...(write.body !== undefined && { body: write.shown ?? write.body }) })
      return write.pretended
    },
  }
}

/** The most that Render gives at once. */
const pageSize = 100

async function send<Answer>(post: Post, write: RenderWrite<Answer>, signal: AbortSignal): Promise<Answer> {
  const { method, lookFor } = write
  let seen: { readonly answer: Answer } | undefined
  const { text } = await persist(post, {
    ...write,
    repeatable: write.repeatable ?? method !== 'POST',
    // What is gone already needs no deleting.
    ...(method === 'DELETE' && { absent: [404, 410] }),
    ...(lookFor !== undefined && {
      isDone: async () => {
        const answer = await lookFor(signal)
        seen = answer === undefined ? undefined : { answer }
        return answer !== undefined
      },
    }),
  }, signal)
  return seen === undefined ? understood(write.answer, write, text ?? '') : seen.answer
}

function understood<T>(schema: z.ZodType<T>, { to }: RenderRequest, text: string): T {
  try {
    return schema.parse(text.trim() === '' ? undefined : JSON.parse(text))
  } catch (cause) {
    throw renderDiffers({ to, cause })
  }
}

function isAboutNoted({ path }: RenderRequest): boolean {
  return path.includes(`/${notedPrefix}`)
}
