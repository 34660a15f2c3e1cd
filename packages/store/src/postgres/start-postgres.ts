import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, PlimsollError } from '@plimsoll/model'
import { type Binaries, findBinaries } from './binaries.ts'
import { isFreePort } from './choose-server-port.ts'
import { cannotRun, ensureCluster, serverEnvironment } from './cluster.ts'
import { codeOf } from './code-of.ts'
import { downError } from './down-error.ts'
import { type Ground, leftByEarlierHomes, makeHome, noteInitialised, settleGround } from './ground.ts'
import { ask, type Connection, ownConnection } from './own-connection.ts'
import { ensureOwnDatabase } from './own-database.ts'
import { clearRemains, livePostmaster } from './postmaster.ts'
import { serverFlags } from './server-flags.ts'
import { keepLogPruned, lastLines, pruneLog, startupLog } from './server-log.ts'
import { withStartLock } from './start-lock.ts'
import { endPostmaster } from './stop-postgres.ts'

export interface StartPostgresOptions {
  /** Plimsoll's state directory, absolute. Made with mode 0700 if absent. */
  readonly home: string
  /** Where root keeps the cluster when `home` is closed to the server's account. */
  readonly systemDirectory?: string
  /** Where the socket goes when its path under the home would be too long. */
  readonly runtimeDirectory?: string
  /** False only in tests: faster, and lost with the machine. */
  readonly durable?: boolean
}

/** A PostgreSQL that is up. It is a process of its own and survives ours. */
export interface EmbeddedPostgres {
  readonly pid: number
  /** What it took: a new cluster, a start, or only finding that it runs. */
  readonly how: 'initialised' | 'started' | 'adopted'
  /** Directories outside the home with the data of an earlier home at the same path, which nobody uses any more. */
  readonly left: readonly string[]
  /** Where applications reach their databases, with a password. The same for the life of the home. */
  readonly address: Address
  /** Plimsoll's own way in, to its own database. */
  readonly connection: Connection
  /** Plimsoll's own way in, to any database of this server. */
  connectionTo(database: string): Connection
  /** Ends the server at once but cleanly: open transactions are rolled back. Twice is once. */
  stop(signal: AbortSignal): Promise<void>
  /** Lets go of it and leaves it running. */
  detach(): void
}

/**
 * Brings up the embedded server of `home`: adopts the one that runs, else starts it, else makes it.
 * Called twice, also by two processes at once, it gives the same server.
 *
 * Throws `TOOL_MISSING` (no PostgreSQL for this machine), `PORT_TAKEN` (a stranger listens on its
 * remembered port), `DISK_FULL`, `DATABASE_DOWN` (last log lines in `details.log`).
 */
export async function startPostgres(options: StartPostgresOptions, signal: AbortSignal): Promise<EmbeddedPostgres> {
  const home = await makeHome(options.home)
  return withStartLock(home, () => bringUp({ ...options, home }, signal), signal)
}

async function bringUp(options: StartPostgresOptions, signal: AbortSignal): Promise<EmbeddedPostgres> {
  const ground = await settle(options)
  const how = (await adopt(ground, signal)) ? 'adopted' : await start(ground, { durable: options.durable ?? true, signal })
  await noteInitialised(ground)
  await ensureOwnDatabase(ground)
  await pruneLog(ground.log)
  const pid = await livePostmaster(ground)
  if (pid === undefined) throw await notUp(ground, 'ended right after it had started')
  return handle(ground, { pid, how, left: await leftByEarlierHomes(ground) })
}

async function settle(options: StartPostgresOptions): Promise<Ground> {
  try {
    return await settleGround({ systemDirectory: '/var/lib/plimsoll', runtimeDirectory: '/tmp', ...options })
  } catch (cause) {
    if (codeOf(cause) !== 'ENOSPC') throw cause
    throw new PlimsollError('DISK_FULL', `The disk that holds ${options.home} is full`, { hint: `Free some space: df -h ${options.home}`, cause })
  }
}

function handle(ground: Ground, begun: Pick<EmbeddedPostgres, 'pid' | 'how' | 'left'>): EmbeddedPostgres {
  const watcher = keepLogPruned(ground.log)
  return {
    ...begun,
    address: { host: '127.0.0.1', port: ground.port },
    connection: ownConnection(ground, 'plimsoll'),
    connectionTo: (database) => ownConnection(ground, database),
    detach: () => watcher.close(),
    async stop(signal) {
      watcher.close()
      await withStartLock(ground.home, () => endPostmaster(ground, signal), signal)
    },
  }
}

/** How long a live server may be mute before it is taken for broken. Recovery is not muteness. */
const muteMs = 5_000

/** True when a server of ours runs and answers. One that runs without answering is ended. */
async function adopt(ground: Ground, signal: AbortSignal): Promise<boolean> {
  let heardAt = performance.now()
  while ((await livePostmaster(ground)) !== undefined) {
    const answer = await ask(ground)
    if (answer === 'ready') return true
    if (answer === 'starting') heardAt = performance.now()
    if (performance.now() - heardAt > muteMs) await endPostmaster(ground, signal)
    await sleep(15, undefined, { signal })
  }
  return false
}

async function start(ground: Ground, options: { readonly durable: boolean; readonly signal: AbortSignal }): Promise<'initialised' | 'started'> {
  const { signal } = options
  const binaries = await findBinaries(ground.root, ground.account)
  const made = await ensureCluster(ground, binaries, options)
  await clearRemains(ground, signal)
  if (!(await isFreePort(ground.port))) throw portTaken(ground)
  const ended = await launch(ground, binaries, options)
  if (ended === undefined) return made ? 'initialised' : 'started'
  throw await notUp(ground, `did not start (exit status ${ended.code})`)
}

async function notUp(ground: Ground, what: string): Promise<PlimsollError> {
  return downError(ground, { message: `The embedded database under ${ground.root} ${what}`, log: await lastLines(ground.log, 20) })
}

/** Starts the server and waits until it answers. Returns how it ended if it ended instead. */
async function launch(ground: Ground, binaries: Binaries, { durable, signal }: { durable: boolean; signal: AbortSignal }): Promise<{ code: number | null } | undefined> {
  const log = await open(startupLog(ground.log), 'w', 0o600)
  try {
    const child = spawn(binaries.postgres, serverFlags(ground, durable), {
      ...ground.account,
      cwd: '/',
      env: serverEnvironment,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    let ended: { code: number | null } | undefined
    let failed: unknown
    child.once('exit', (code) => (ended = { code }))
    child.once('error', (cause) => (failed = cause))
    while (ended === undefined && failed === undefined && (await ask(ground)) !== 'ready') await sleep(15, undefined, { signal })
    if (failed !== undefined) throw cannotRun(binaries.postgres, failed)
    return ended
  } finally {
    await log.close()
  }
}

function portTaken(ground: Ground): PlimsollError {
  return new PlimsollError('PORT_TAKEN', `Port ${ground.port} of 127.0.0.1, where applications expect the embedded database, is taken by another process`, {
    hint: `See which one, and stop it: ss -ltnp 'sport = :${ground.port}'`,
    details: { port: ground.port },
  })
}
