import { connect, createServer } from 'node:net'
import { realpathSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { listens, type UnitSpec } from '@plimsoll/model'
import { runShell } from './run-shell.ts'
import { traceOwn } from './trace-program.ts'

export interface Trial {
  /** The artifact's files as they were made. */
  readonly files: string
  /** An existing directory, outside of every workspace, in which a copy is made. */
  readonly scratch: string
  /** The work directory that they come from. */
  readonly origin: string
  readonly spec: UnitSpec
  readonly entries: readonly string[]
  /** All that the start command gets to see, apart from PORT. */
  readonly environment: Readonly<Record<string, string>>
  /** Told in which directory a command is about to run, so that somebody else can end it should we be killed. */
  readonly mark: (runsIn: string) => void
}

export type TrialResult =
  | { readonly fit: true; readonly how: string }
  | { readonly fit: false; readonly why: string; readonly log: readonly string[] }

const aliveMs = 5_000
const lookEveryMs = 25

/**
 * Tries a copy of an artifact where nothing of the repository can be seen. A Service that listens is
 * booted; others are only traced, because starting a worker or a cron would do its work. Only faults of
 * the files count: a start that ends because its database is away is as it should be.
 */
export async function tryArtifact(trial: Trial, signal: AbortSignal): Promise<TrialResult> {
  const place = await mkdtemp(path.join(realpathSync(trial.scratch), 'try-'))
  try {
    await cp(trial.files, place, { recursive: true, verbatimSymlinks: true })
    const { startCommand } = trial.spec
    if (!listens(trial.spec.kind) || startCommand === undefined) return await follow(trial, place)
    return await boot({ ...trial, startCommand }, place, signal)
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Every import that leads somewhere in the work directory must lead to the same place in the copy. */
async function follow({ entries, origin }: Trial, place: string): Promise<TrialResult> {
  if (entries.length === 0) return { fit: true, how: 'its links were followed' }
  const there = await traceOwn(origin, entries)
  const here = await traceOwn(place, entries)
  const found = new Set([...here.files, ...here.boundary])
  const missing = [...there.files, ...there.boundary].filter((file) => !found.has(file))
  if (missing.length > 0) return { fit: false, why: 'its code imports files that it does not hold', log: missing }
  return { fit: true, how: 'its imports were followed in an empty directory' }
}

async function boot(trial: Trial & { startCommand: string }, place: string, signal: AbortSignal): Promise<TrialResult> {
  const port = await freePort()
  const log: string[] = []
  const over = new AbortController()
  const began = performance.now()
  trial.mark(place)
  const running = runShell(
    {
      command: trial.startCommand,
      cwd: path.join(place, trial.spec.rootDir),
      environment: { ...withoutStores(trial.environment), NODE_ENV: 'production', PORT: String(port), HOST: '127.0.0.1', HOSTNAME: '127.0.0.1' },
      onLine: (text) => {
        log.push(text)
        if (log.length > 200) log.shift()
      },
    },
    AbortSignal.any([signal, over.signal]),
  )
  const ended = running.then((exit) => ({ exit }), () => undefined)
  const outcome = await Promise.race([ended, untilOpen(port, over.signal), pause(aliveMs, 'alive' as const, { signal: over.signal }).catch(() => undefined)])
  over.abort()
  await ended
  signal.throwIfAborted()
  const took = `${Math.round(performance.now() - began)} ms`
  if (outcome === 'open') return { fit: true, how: `opened its port after ${took} in an empty directory` }
  const fault = faultOf(log, place, typeof outcome === 'object' ? outcome.exit.code : null)
  if (fault !== undefined) return { fit: false, why: fault, log: log.slice(-50) }
  // What it lacks here, such as its database, is not the artifact's fault; whether it runs in a release is asked there.
  return { fit: true, how: typeof outcome === 'object' ? `started in an empty directory, without its databases; it ended by itself after ${took}` : `stayed alive for ${took} in an empty directory` }
}

/** Error codes and names that Node and shells use for files that are not there, or cannot be read as code. */
const fileFaults = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_IMPORT_NOT_DEFINED', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX', 'ERR_DLOPEN_FAILED', 'ERR_PNPM_NO_SCRIPT', 'ERR_PNPM_NO_IMPORTER_MANIFEST_FOUND', 'ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL_NO_SCRIPT']

function faultOf(log: readonly string[], place: string, code: number | null): string | undefined {
  if (code === null || code === 0) return undefined
  const word = fileFaults.find((name) => log.some((line) => new RegExp(`\\b${name}\\b`).test(line)))
  if (word !== undefined) return `its start command ended with ${word}${whatWasMissed(log, place)}`
  // A setting that is not JSON is also a SyntaxError, and not one of the files.
  if (log.some((line) => /^SyntaxError\b/.test(line)) && !log.some((line) => line.includes('at JSON.parse'))) return 'its start command ended with SyntaxError'
  if (log.some((line) => line.includes('ENOENT') && line.includes(`${place}${path.sep}`))) return 'its start command missed a file'
  if (code === 126 || code === 127 || log.some((line) => /\bexit code 12[67]\b/.test(line))) return 'its start command names a program that is not there'
  return undefined
}

function whatWasMissed(log: readonly string[], place: string): string {
  const missed = log.flatMap((line) => /Cannot find (?:module|package) '([^']+)'/.exec(line)?.[1] ?? [])[0]
  return missed === undefined ? '' : ` (${missed.startsWith(place) ? path.relative(place, missed) : missed})`
}

/**
 * Databases and queues that may be live are out of reach for a mere trial: their addresses lead
 * nowhere. The query goes too, because `?host=` can name a socket that the address does not.
 */
function withoutStores(environment: Readonly<Record<string, string>>): Record<string, string> {
  const nowhere = Object.entries(environment).map(([name, value]) => [name, value.replace(storeAddress, '$1plimsoll:none@127.0.0.1:1$2')])
  return { ...Object.fromEntries(nowhere), PGHOST: '127.0.0.1', PGPORT: '1' }
}

const storeAddress = /^((?:postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv|redis|rediss|valkey|amqp|amqps|nats|kafka|mssql|sqlserver):\/\/)[^/?#]*([^?#]*).*$/is

async function untilOpen(port: number, signal: AbortSignal): Promise<'open' | undefined> {
  while (!signal.aborted) {
    for (const host of ['127.0.0.1', '::1']) if (await opens(host, port)) return 'open'
    await pause(lookEveryMs)
  }
  return undefined
}

function opens(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
