import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

/** An engine as Docker's own client knows it under a name. */
export interface DockerContext {
  readonly name: string
  /** As `DOCKER_HOST` would be. */
  readonly host: string
  /** That of `ca.pem`, `cert.pem` and `key.pem`; absent where the context has none. */
  readonly certificates?: string
  readonly verify: boolean
}

const configSchema = z.object({ currentContext: z.string().optional().catch(undefined) })
const metaSchema = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().default(false) }) }) })

/**
 * The context that `docker context use` or `DOCKER_CONTEXT` names, from `$DOCKER_CONFIG`, else `~/.docker`; undefined for the default one. Docker Desktop
 * and its likes name their engines so. Throws `USAGE` for one that is not there, or cannot be read.
 */
export function dockerContext(environment: Readonly<Record<string, string | undefined>>): DockerContext | undefined {
  const directory = environment['DOCKER_CONFIG'] ?? (environment['HOME'] === undefined ? undefined : join(environment['HOME'], '.docker'))
  const name = environment['DOCKER_CONTEXT'] || (directory === undefined ? undefined : currentIn(join(directory, 'config.json')))
  if (name === undefined || name === '' || name === 'default') return undefined
  // Docker's own way of naming files after contexts, which may be called anything.
  const id = createHash('sha256').update(name).digest('hex')
  const meta = readJson(metaSchema, join(directory ?? '/', 'contexts/meta', id, 'meta.json'))
  if (meta === undefined) throw new PlimsollError('USAGE', `The Docker context ${JSON.stringify(name)} is not there, or names no engine`, { hint: 'See those that are: docker context ls. To use another one: docker context use NAME, or set DOCKER_HOST' })
  const { Host: host, SkipTLSVerify } = meta.Endpoints.docker
  const certificates = join(directory ?? '/', 'contexts/tls', id, 'docker')
  return { name, host, verify: !SkipTLSVerify, ...(existsSync(certificates) && { certificates }) }
}

function currentIn(file: string): string | undefined {
  return readJson(configSchema, file)?.currentContext
}

function readJson<Schema extends z.ZodType>(schema: Schema, file: string): z.infer<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Not there, not for us, or not what Docker writes: whoever asks says so where it matters.
    return undefined
  }
}
