import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { buffer } from 'node:stream/consumers'
import type { z } from 'zod'
import { agreeOnVersion } from './api-version.ts'
import { connectEngine, type Connect } from './connect-engine.ts'
import type { EngineAddress } from './engine-address.ts'
import { engineDown, engineSilent, messageIn, refused } from './engine-failure.ts'

export interface EngineRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Without the version: `/containers/json`. */
  readonly path: string
  /** Lists are sent as one parameter an entry, other objects as JSON; what is undefined is left out. */
  readonly query?: Readonly<Record<string, unknown>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** A tar, sent as it is. */
  readonly tar?: Readable | Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** What this does, for people, in the words that follow "could not". */
  readonly to: string
  /** Statuses of 400 and above that are answers and no failures. */
  readonly also?: readonly number[]
  /** How long the engine may take until it begins to answer; a minute unless given, and {@link endlessly} where it answers only when something has happened. */
  readonly patienceMs?: number
}

export interface EngineAnswer {
  readonly status: number
  readonly body: string
}

/**
 * A Docker engine, spoken to over its API. Every call throws `ENGINE_DOWN` when it cannot be reached or does not begin to answer in time, `ENGINE_TOO_OLD`,
 * `DISK_FULL`, or `ENGINE_REFUSED` with its own words; and the signal's reason when that fires first.
 */
export interface DockerEngine {
  readonly address: EngineAddress
  /** For what is done by being asked, and for answers that are no JSON. */
  call(request: EngineRequest, signal: AbortSignal): Promise<EngineAnswer>
  /** The answer, understood. */
  read<Schema extends z.ZodType>(schema: Schema, request: EngineRequest, signal: AbortSignal): Promise<z.infer<Schema>>
  /** The answer's body, when it is no text; empty when it is a failure that counts as an answer. */
  bytes(request: EngineRequest, signal: AbortSignal): Promise<Buffer>
  /** The answer's body as it comes. Whoever stops reading destroys it. */
  stream(request: EngineRequest, signal: AbortSignal): Promise<IncomingMessage>
}

/** An engine under load needs seconds to make a container; one that is stuck never answers. */
const defaultPatienceMs = 60_000
/** A patience without an end; the signal's remains. */
export const endlessly = Number.POSITIVE_INFINITY

/** Nothing is asked before the first call, which agrees on a version of the API with the engine. */
export function openDockerEngine(address: EngineAddress): DockerEngine {
  const line: Line = { address, connect: connectEngine(address) }
  let version: string | undefined
  const agree = async (signal: AbortSignal) => {
    version ??= await agreeOnVersion(address, (path) => send(line, { path, to: 'say which version it is' }, signal))
    return version
  }
  const begin = async (request: EngineRequest, signal: AbortSignal) => {
    const path = `/v${await agree(signal)}${request.path}${queryText(request.query ?? {})}`
    try {
      return await send(line, { ...request, path }, signal)
    } catch (error) {
      // Whatever answers next may be another engine.
      version = undefined
      throw error
    }
  }
  const ask = async (request: EngineRequest, signal: AbortSignal) => {
    const response = await begin(request, signal)
    const status = response.statusCode ?? 0
    if (status < 400 || request.also?.includes(status) === true) return response
    throw refused({ asked: request.to, status, said: messageIn((await whole(address, response, signal)).toString()) })
  }
  const call: DockerEngine['call'] = async (request, signal) => {
    const response = await ask(request, signal)
    return { status: response.statusCode ?? 0, body: (await whole(address, response, signal)).toString() }
  }
  return {
    address,
    call,
    async read(schema, request, signal) {
      const { body } = await call(request, signal)
      return schema.parse(JSON.parse(body))
    },
    async bytes(request, signal) {
      const response = await ask(request, signal)
      const all = await whole(address, response, signal)
      return (response.statusCode ?? 0) < 400 ? all : Buffer.alloc(0)
    },
    stream: ask,
  }
}

interface Line {
  readonly address: EngineAddress
  readonly connect: Connect
}

/** Resolves with the head of the answer. */
async function send(line: Line, request: EngineRequest, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const { to, patienceMs = defaultPatienceMs } = request
  const impatience = new AbortController()
  const timer = patienceMs === endlessly ? undefined : setTimeout(() => impatience.abort(), patienceMs)
  try {
    return await sendOnce(line, request, AbortSignal.any([signal, impatience.signal]))
  } catch (error) {
    signal.throwIfAborted()
    throw impatience.signal.aborted ? engineSilent(line.address, { to, patienceMs }) : engineDown(line.address, error)
  } finally {
    // What has begun to answer may take as long as it needs: a log that is followed has no end.
    clearTimeout(timer)
  }
}

/** A connection that was kept may have ended since: that says nothing about the engine, and everything that we ask can be asked again. */
async function sendOnce(line: Line, asked: EngineRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { method = 'GET', path, body, tar, headers } = asked
  const bytes = tar ?? (body === undefined ? undefined : JSON.stringify(body))
  const type = tar === undefined ? 'application/json' : 'application/x-tar'
  const host = line.address.via === 'tcp' ? line.address.host : 'docker'
  const request = line.connect({ method, path, signal, headers: { ...headers, host, ...(bytes !== undefined && { 'content-type': type }) } })
  const answer = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject))
  if (bytes instanceof Readable) {
    // An engine may answer, and close, before it has taken all that is sent: the answer is what counts.
    pipeline(bytes, request).catch((error: unknown) => request.destroy(error instanceof Error ? error : undefined))
    return answer
  }
  request.end(bytes)
  return answer.catch((error: unknown) => {
    if (request.reusedSocket && !signal.aborted) return sendOnce(line, asked, signal)
    throw error
  })
}

async function whole(address: EngineAddress, response: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  try {
    return await buffer(response)
  } catch (error) {
    signal.throwIfAborted()
    throw engineDown(address, error)
  }
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(query).flatMap(([key, value]): [string, string][] => {
    const values: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
    return values.map((each) => [key, typeof each === 'object' ? JSON.stringify(each) : String(each)])
  })
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`
}
