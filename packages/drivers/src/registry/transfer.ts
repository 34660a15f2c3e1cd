import type { IncomingMessage } from 'node:http'
import { digestSchema, type Digest } from '@plimsoll/model'
import { z } from 'zod'
import { engineDown, messageIn } from '../docker-engine/engine-failure.ts'
import type { DockerEngine, EngineRequest } from '../docker-engine/docker-engine.ts'
import type { Hearing } from './until-silent.ts'

/** How a pull or a push ended. */
export interface Transferred {
  /** The engine's words for what went wrong, and its status where it said so at once. */
  readonly failed: { readonly said: string; readonly status?: number } | undefined
  /** That the engine has tried parts of it again already, as it does for layers. */
  readonly retried: boolean
  /** Of what was pushed. */
  readonly digest: Digest | undefined
}

const lineSchema = z.object({
  status: z.string().optional(),
  error: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional() }).nullish(),
  aux: z.object({ Digest: z.string().optional() }).nullish(),
})

/** Follows a pull or a push to its end. What goes wrong on the way the engine tells in an answer that began well. */
export async function transfer(engine: DockerEngine, request: EngineRequest, { signal, heard }: Hearing): Promise<Transferred> {
  const answer = await engine.stream({ ...request, also: [400, 401, 403, 404, 500] }, signal)
  const status = answer.statusCode ?? 0
  let [failed, retried, digest]: [Transferred['failed'], boolean, Digest | undefined] = [undefined, false, undefined]
  for await (const line of linesOf(engine, answer, signal)) {
    heard()
    if (status >= 400) return { failed: { said: messageIn(line), status }, retried, digest }
    const told = lineSchema.parse(JSON.parse(line))
    // The engine counts down the seconds to its next try in this line, and gives up after the fifth.
    retried ||= told.status?.startsWith('Retrying in') === true
    if (told.error !== undefined) failed = { said: told.error }
    const pushed = digestSchema.safeParse(told.aux?.Digest)
    if (pushed.success) digest = pushed.data
  }
  return { failed, retried, digest }
}

async function* linesOf(engine: DockerEngine, answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield* lines.filter((line) => line.trim() !== '')
    }
  } catch (error) {
    signal.throwIfAborted()
    throw engineDown(engine.address, error)
  }
  if (rest.trim() !== '') yield rest
}
