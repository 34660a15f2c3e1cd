import { homedir } from 'node:os'
import { join } from 'node:path'
import { locateHaproxy } from '@plimsoll/edge'
import { edgeChoiceSchema, PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { readProvider, type ProviderSettings } from './access/provider-settings.ts'
import { swarmIn, swarmVariables, type SwarmSettings } from './swarm-settings.ts'
import { readTracing, type TracingSettings } from './tracing/tracing-settings.ts'

const megabytes = z.coerce.number().int().nonnegative()
const port = z.coerce.number().int().min(1).max(65535)

const databaseImage = z.string().regex(/^(?:[\w.:/@-]|\{major\})+$/, 'must be the name of an image, in which {major} may stand for the version of PostgreSQL')
const image = z.string().regex(/^[\w.:/@-]+$/, 'must be the name of an image')

const environmentSchema = z.object({
  PLIMSOLL_HOME: z.string().startsWith('/', 'must be an absolute path').optional(),
  XDG_STATE_HOME: z.string().optional(),
  /** The shared port, where the Host header chooses the service. */
  PLIMSOLL_EDGE_PORT: port.default(4080),
  PLIMSOLL_EDGE: edgeChoiceSchema.default('own'),
  /** Loopback port of the API; the system chooses one unless set. */
  PLIMSOLL_API_PORT: port.optional(),
  /** Where the API listens: for this machine alone, or for a private network, where the token is all that stands before it. */
  PLIMSOLL_API_HOST: z.enum(['127.0.0.1', '0.0.0.0']).default('127.0.0.1'),
  /** What the API asks for, in place of a token of its own; for whoever cannot read its home. */
  PLIMSOLL_API_TOKEN: z.string().min(32, 'must have 32 characters or more').optional(),
  /** What secrets are sealed with, in place of a file of the home: 32 bytes in base64, one line for each key, the one that seals first. Or a file that holds that. */
  PLIMSOLL_SECRET_KEY: z.string().min(1).optional(),
  PLIMSOLL_SECRET_KEY_FILE: z.string().startsWith('/', 'must be an absolute path').optional(),
  PLIMSOLL_CONSOLE_PORT: port.default(4090),
  /** The built console's server.js; without it the API runs with no console. */
  PLIMSOLL_CONSOLE: z.string().optional(),
  /** Where people reach a console that this Plimsoll does not run itself, or runs behind something else. */
  PLIMSOLL_CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** First port that entries of apps get. */
  PLIMSOLL_ENTRY_PORTS: port.default(4100),
  /** What images are built on, and what they run on, in place of what a Dockerfile that is written for them names. */
  PLIMSOLL_NODE_BASE: z.string().min(1).optional(),
  PLIMSOLL_RUNTIME_BASE: z.string().min(1).optional(),
  ...swarmVariables,
  DATABASE_URL: z.string().optional(),
  /** What Render asks for; without it no app lives there. */
  RENDER_API_KEY: z.string().min(1).optional(),
  /** Where Render's API answers, as Render's own program reads it; for a stand-in. */
  RENDER_HOST: z.url({ protocol: /^https?$/ }).default('https://api.render.com/v1'),
  /** The workspace, by id or name; the only one that the key reaches unless set. */
  RENDER_WORKSPACE: z.string().min(1).optional(),
  /** What databases of apps on Docker are made from: the official image, or one that is called the same way. `{major}` stands for the version that a Blueprint wants. */
  PLIMSOLL_POSTGRES_IMAGE: databaseImage.default('postgres:{major}'),
  /** The same for key-value services. */
  PLIMSOLL_KEYVALUE_IMAGE: image.default('valkey/valkey:8'),
  /** How long a candidate may take to become healthy. */
  PLIMSOLL_HEALTH_DEADLINE_MS: z.coerce.number().int().positive().default(120_000),
  /** How long the release before stays warm. */
  PLIMSOLL_WARM_MS: z.coerce.number().int().positive().default(30 * 60_000),
  /** How long a release is watched once it is live, unless it says itself. 0: not at all. */
  PLIMSOLL_WATCH_MS: z.coerce.number().int().nonnegative().default(5 * 60_000),
  /** Room for what was built, in megabytes. */
  PLIMSOLL_ARTIFACTS_MB: megabytes.default(10_240),
  /** Room for what an engine keeps to build faster, in megabytes. */
  PLIMSOLL_BUILD_CACHE_MB: megabytes.default(20_480),
  /** Room for the published files of old releases, in megabytes. */
  PLIMSOLL_ASSETS_MB: megabytes.default(1_024),
  /** What is to stay free on the disk, in megabytes. */
  PLIMSOLL_FREE_MB: megabytes.default(1_024),
  /** As a unit of a Blueprint: that it is one, the port that it was given, and where people reach it. */
  RENDER: z.string().optional(),
  PORT: port.optional(),
  RENDER_EXTERNAL_URL: z.url({ protocol: /^https?$/ }).optional(),
  RENDER_INSTANCE_ID: z.string().optional(),
  /** For tests: a directory through which they make this process die at a point with a name. See `faults/`. */
  PLIMSOLL_FAULTS: z.string().startsWith('/', 'must be an absolute path').optional(),
}).refine(({ PLIMSOLL_SECRET_KEY, PLIMSOLL_SECRET_KEY_FILE }) => PLIMSOLL_SECRET_KEY === undefined || PLIMSOLL_SECRET_KEY_FILE === undefined, { path: ['PLIMSOLL_SECRET_KEY'], message: 'cannot be set beside PLIMSOLL_SECRET_KEY_FILE' })

/** How much of the disk is held, beyond what is needed. */
export interface DiskLimits {
  readonly artifactBytes: number
  readonly assetBytes: number
  /** Of an engine's build cache, which others may have filled too. */
  readonly buildCacheBytes: number
  readonly freeBytes: number
}

/** That this API is a unit of a Blueprint, of which two run side by side while one release follows another. */
export interface AsUnit {
  /** Where whichever of them is live is reached; undefined for one that only other units reach. */
  readonly url: string | undefined
  /** What answers say that they come from. */
  readonly servedBy: string | undefined
}

/** How Render is reached. */
export interface RenderSettings {
  readonly apiKey: string | undefined
  /** Without a slash at its end. */
  readonly base: string
  readonly workspace: string | undefined
}

export interface Config {
  readonly home: string
  readonly asUnit: AsUnit | undefined
  readonly edgePort: number
  /** HAProxy's executable, where it is to listen for the edge. */
  readonly haproxy: string | undefined
  readonly apiPort: number
  readonly apiHost: '127.0.0.1' | '0.0.0.0'
  readonly apiToken: string | undefined
  /** Where it is not a file of the home. */
  readonly secretKey: { readonly text: string } | { readonly file: string } | undefined
  readonly consolePort: number
  readonly consoleServer: string | undefined
  /** Without a slash at its end. */
  readonly consoleUrl: string | undefined
  readonly entryPorts: number
  readonly databaseUrl: string | undefined
  readonly render: RenderSettings
  /** Undefined where there is no cluster. */
  readonly swarm: SwarmSettings | undefined
  /** Of what is kept on Docker. */
  readonly images: { readonly database: string; readonly keyvalue: string }
  readonly healthDeadlineMs: number
  readonly warmMs: number
  readonly watchMs: number
  readonly limits: DiskLimits
  readonly faults: string | undefined
  /** Undefined unless an endpoint for traces is set. */
  readonly tracing: TracingSettings | undefined
  /** Where people may sign in besides with a password. */
  readonly provider: ProviderSettings | undefined
  readonly baseImages: { readonly build?: string; readonly runtime?: string }
  /** The environment that Plimsoll was started with: builds take from it what reaches registries and finds programs. */
  readonly machine: Readonly<Record<string, string | undefined>>
}

/** Reads all settings at once. Throws `USAGE` that names every one that is wrong, and `TOOL_MISSING` for a HAProxy that is wanted and not there. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const read = environmentSchema.safeParse(environment)
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new PlimsollError('USAGE', `The environment of Plimsoll is wrong: ${faults.join('; ')}`)
  }
  const set = read.data
  const consoleUrl = set.PLIMSOLL_CONSOLE_URL?.replace(/\/$/, '') ?? (set.PLIMSOLL_CONSOLE === undefined ? undefined : `http://127.0.0.1:${set.PLIMSOLL_CONSOLE_PORT}`)
  const isUnit = set.RENDER === 'true'
  if (isUnit && set.DATABASE_URL === undefined) throw new PlimsollError('USAGE', 'The environment of Plimsoll is wrong: DATABASE_URL: is needed where RENDER=true says that it is a unit of a Blueprint')
  return {
    home: homeIn(set),
    asUnit: isUnit ? { url: set.RENDER_EXTERNAL_URL, servedBy: set.RENDER_INSTANCE_ID } : undefined,
    edgePort: set.PLIMSOLL_EDGE_PORT,
    haproxy: set.PLIMSOLL_EDGE === 'haproxy' ? locateHaproxy(environment['PATH']) : undefined,
    apiPort: set.PLIMSOLL_API_PORT ?? (isUnit ? set.PORT : undefined) ?? 0,
    apiHost: set.PLIMSOLL_API_HOST,
    apiToken: set.PLIMSOLL_API_TOKEN,
    secretKey: secretKeyIn(set),
    consolePort: set.PLIMSOLL_CONSOLE_PORT,
    consoleServer: set.PLIMSOLL_CONSOLE,
    consoleUrl,
    entryPorts: set.PLIMSOLL_ENTRY_PORTS,
    databaseUrl: set.DATABASE_URL,
    render: { apiKey: set.RENDER_API_KEY, base: set.RENDER_HOST.replace(/\/$/, ''), workspace: set.RENDER_WORKSPACE },
    swarm: swarmIn(set),
    images: { database: set.PLIMSOLL_POSTGRES_IMAGE, keyvalue: set.PLIMSOLL_KEYVALUE_IMAGE },
    healthDeadlineMs: set.PLIMSOLL_HEALTH_DEADLINE_MS,
    warmMs: set.PLIMSOLL_WARM_MS,
    watchMs: set.PLIMSOLL_WATCH_MS,
    limits: { artifactBytes: set.PLIMSOLL_ARTIFACTS_MB * 1e6, assetBytes: set.PLIMSOLL_ASSETS_MB * 1e6, buildCacheBytes: set.PLIMSOLL_BUILD_CACHE_MB * 1e6, freeBytes: set.PLIMSOLL_FREE_MB * 1e6 },
    faults: set.PLIMSOLL_FAULTS,
    tracing: readTracing(environment),
    provider: readProvider(environment, consoleUrl),
    baseImages: { ...(set.PLIMSOLL_NODE_BASE !== undefined && { build: set.PLIMSOLL_NODE_BASE }), ...(set.PLIMSOLL_RUNTIME_BASE !== undefined && { runtime: set.PLIMSOLL_RUNTIME_BASE }) },
    machine: environment,
  }
}

function secretKeyIn({ PLIMSOLL_SECRET_KEY: text, PLIMSOLL_SECRET_KEY_FILE: file }: z.infer<typeof environmentSchema>): Config['secretKey'] {
  if (text !== undefined) return { text }
  return file === undefined ? undefined : { file }
}

/** `PLIMSOLL_HOME`, else `$XDG_STATE_HOME/plimsoll`, else `~/.local/state/plimsoll`. */
export function homeIn(environment: Readonly<Record<string, string | number | undefined>>): string {
  const { PLIMSOLL_HOME, XDG_STATE_HOME } = environment
  return PLIMSOLL_HOME === undefined ? join(String(XDG_STATE_HOME ?? join(homedir(), '.local/state')), 'plimsoll') : String(PLIMSOLL_HOME)
}
