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
  const directory = join(home, 'api')
  const [endpoint, token] = await Promise.all([
    readOrExplain(join(directory, 'endpoint.json')),
    readOrExplain(join(directory, 'token')),
  ])
  const parsed = endpointFileSchema.safeParse(jsonOrUndefined(endpoint))
  if (!parsed.success) throw unreachable(`${join(directory, 'endpoint.json')} does not say where Plimsoll listens`)
  return { ...parsed.data, token: token.trim() }
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
