import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

const endpointFileSchema = z.object({ url: z.url(), pid: z.number().int(), version: z.string() })

/** Where the API of this machine listens, and the token that it asks for. */
export interface Endpoint {
  readonly url: string
  readonly token: string
  readonly pid: number
  readonly version: string
}

/**
 * Reads what a running API wrote below `home`: `api/endpoint.json` and `api/token`.
 * Reads afresh on every call, since a restarted API may have another port and token.
 * That the files are there does not prove that the API still runs.
 * Throws `API_UNREACHABLE` when there are none, or when they cannot be understood.
 */
export async function readEndpoint(home: string): Promise<Endpoint> {
  const [address, token] = await Promise.all([readAddress(home), readOrExplain(join(home, 'api/token'))])
  return { ...address, token: token.trim() }
}

/** The same without the token, for whoever asks in the name of somebody else. */
export async function readAddress(home: string): Promise<Omit<Endpoint, 'token'>> {
  const path = join(home, 'api/endpoint.json')
  const parsed = endpointFileSchema.safeParse(jsonOrUndefined(await readOrExplain(path)))
  if (!parsed.success) throw unreachable(`${path} does not say where Plimsoll listens`)
  return parsed.data
}

async function readOrExplain(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw unreachable(code === 'ENOENT' ? `Plimsoll is not running: there is no ${path}` : `${path} cannot be read (${code})`, error)
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Half-written or foreign: the schema reports it, with the path.
    return undefined
  }
}

function unreachable(message: string, cause?: unknown): PlimsollError {
  return new PlimsollError('API_UNREACHABLE', message, { hint: 'Start it: plimsoll up', cause })
}
