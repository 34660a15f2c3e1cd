import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

/** Who an engine says it is to a registry. */
export type RegistryLogin = { readonly username: string; readonly password: string } | { readonly identitytoken: string }

export interface FoundLogin {
  /** Absent where nobody has given any: then the registry is asked as anybody may ask it. */
  readonly login: RegistryLogin | undefined
  /** For people, after "refused": `with the credentials in /root/.docker/config.json`. Holds none. */
  readonly told: string
}

type Machine = Readonly<Record<string, string | undefined>>

const configSchema = z.object({
  auths: z.record(z.string(), z.object({ auth: z.string().optional(), username: z.string().optional(), password: z.string().optional(), identitytoken: z.string().optional() })).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
})
type Config = z.infer<typeof configSchema>

/**
 * What Docker's own client would say to `registry`: by `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`, and the helpers that it names,
 * read anew each time, because tokens end. A helper that fails leaves the registry to be asked without credentials. Throws `USAGE` for a file that
 * cannot be understood.
 */
export async function findLogin(machine: Machine, registry: string, signal: AbortSignal): Promise<FoundLogin> {
  const file = path.join(machine['DOCKER_CONFIG'] ?? path.join(machine['HOME'] ?? homedir(), '.docker'), 'config.json')
  const config = await readConfig(file)
  const key = keyOf(registry)
  const helper = config?.credHelpers[key] ?? config?.credHelpers[registry] ?? config?.credsStore
  if (config === undefined) return { login: undefined, told: 'without credentials (docker login keeps some)' }
  if (helper !== undefined && helper !== '') return fromHelper({ machine, helper, key }, signal)
  const login = loginIn(config, { key, registry })
  return { login, told: login === undefined ? `without credentials (${file} has none for it)` : `with the credentials in ${file}` }
}

/** `USER:TOKEN`, as a person keeps it. Undefined for anything else. */
export function readLogin(words: string): RegistryLogin | undefined {
  const at = words.indexOf(':')
  return at > 0 && at < words.length - 1 ? { username: words.slice(0, at), password: words.slice(at + 1) } : undefined
}

/** The Hub has a name of its own there, which is older than it is. */
function keyOf(registry: string): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry
}

async function readConfig(file: string): Promise<Config | undefined> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (content === undefined) return undefined
  try {
    return configSchema.parse(JSON.parse(content))
  } catch {
    // What is wrong with it may well be quoted by what the parser says, and it holds passwords.
    throw new PlimsollError('USAGE', `${file} cannot be understood as the configuration of Docker's client`, { hint: 'docker login writes one; DOCKER_CONFIG names another directory' })
  }
}

/** Older clients have written whole addresses: `https://ghcr.io/v2/`. */
function loginIn({ auths }: Config, { key, registry }: { readonly key: string; readonly registry: string }): RegistryLogin | undefined {
  const hostIn = (address: string): string => address.replace(/^https?:\/\//, '').split('/')[0] ?? ''
  const found = auths[key] ?? Object.entries(auths).find(([address]) => hostIn(address) === registry)?.[1]
  if (found === undefined) return undefined
  if (found.identitytoken !== undefined && found.identitytoken !== '') return { identitytoken: found.identitytoken }
  if (found.username !== undefined && found.password !== undefined) return { username: found.username, password: found.password }
  return readLogin(Buffer.from(found.auth ?? '', 'base64').toString().replace(/\0+$/, ''))
}

interface Helped {
  readonly machine: Machine
  readonly helper: string
  readonly key: string
}

/** Longest that a helper may think, which may have to ask a person or a cloud. */
const helperMs = 30_000

const answerSchema = z.object({ Username: z.string(), Secret: z.string().min(1) })

async function fromHelper({ machine, helper, key }: Helped, signal: AbortSignal): Promise<FoundLogin> {
  const program = `docker-credential-${helper}`
  const without = (why: string): FoundLogin => ({ login: undefined, told: `without credentials (${program} ${why})` })
  // It becomes the name of a program.
  if (!/^[\w.-]+$/.test(helper)) return without('is no name of a program')
  const { code, out } = await ask(program, { machine, key }, AbortSignal.any([signal, AbortSignal.timeout(helperMs)]))
  signal.throwIfAborted()
  if (code === 'ENOENT') return without('is not on PATH')
  if (code !== 0) return without(`gave none: try printf ${key} | ${program} get`)
  try {
    const { Username, Secret } = answerSchema.parse(JSON.parse(out))
    return { login: Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret }, told: `with the credentials of ${program}` }
  } catch {
    // What it says may hold a password.
    return without('gave an answer that cannot be understood')
  }
}

async function ask(program: string, { machine, key }: Pick<Helped, 'machine' | 'key'>, signal: AbortSignal): Promise<{ readonly code: number | string | null; readonly out: string }> {
  const child = spawn(program, ['get'], { env: machine, signal, stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name)).once('close', resolve)
  })
  // One that reads nothing may be gone before it was told; its status says what came of it.
  child.stdin.on('error', () => undefined).end(key)
  const [code, out] = await Promise.all([ended, text(child.stdout).catch(() => '')])
  return { code, out }
}
