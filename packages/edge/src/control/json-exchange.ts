import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorCodes, PlimsollError, toProblem } from '@plimsoll/model'
import { z } from 'zod'

const maxBodyBytes = 8 * 1024 * 1024

/** What the request brings. Throws `USAGE` where the schema does not take it, or it is larger than 8 MB. */
export async function bodyOf<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> {
  return understood(jsonOf((await bytesOf(request, maxBodyBytes)).toString('utf8')), schema)
}

/** All bytes of the request. Throws `USAGE` when there are more than `most`. */
export async function bytesOf(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > most) throw new PlimsollError('USAGE', `The request is larger than ${most} bytes.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** `value` as the schema has it. Throws `USAGE`. */
export function understood<Schema extends z.ZodType>(value: unknown, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (!result.success) throw new PlimsollError('USAGE', `The edge does not understand the request: ${z.prettifyError(result.error)}`)
  return result.data
}

/** Tells whoever asked what went wrong, and the log. */
export function sendProblem(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  if (response.destroyed) return
  const problem = toProblem(error)
  log(`refused ${response.req.method} ${response.req.url}: ${problem.code} ${problem.message}`)
  send(response, errorCodes[problem.code].status, problem)
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body)}\n`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the schema says so, with the path of everything else that is missing.
    return undefined
  }
}
