import { spawn } from 'node:child_process'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import type { Binaries } from './binaries.ts'
import { codeOf } from './code-of.ts'
import { downError, newClusterBytes } from './down-error.ts'
import type { Ground } from './ground.ts'
import { moveIntoPlace, newNameFor, sweepAbandoned } from './move-into-place.ts'
import { accessRules } from './server-flags.ts'

/**
 * Makes the cluster if there is none, under another name first: what is called `data` was
 * finished. Returns whether it was made now. Refuses to make a second one where there was one before.
 */
export async function ensureCluster(ground: Ground, binaries: Binaries, options: { durable: boolean; signal: AbortSignal }): Promise<boolean> {
  await sweepAbandoned(ground.root)
  const major = await majorVersion(ground.data)
  if (major === undefined && ground.initialised) throw clusterLost(ground)
  if (major !== undefined && !binaries.version.startsWith(`${major}.`)) throw otherMajor(ground, major, binaries)
  const made = major === undefined && (await initialise(ground, binaries, options))
  await writeAccessRules(ground)
  return made
}

async function initialise(ground: Ground, binaries: Binaries, { durable, signal }: { durable: boolean; signal: AbortSignal }): Promise<boolean> {
  const fresh = newNameFor(ground.data)
  await mkdir(fresh, { mode: 0o700 })
  try {
    if (ground.account !== undefined) await chown(fresh, ground.account.uid, ground.account.gid)
    await runInitdb({ binaries, ground, fresh, durable }, signal)
    return await moveIntoPlace(fresh, ground.data)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

interface InitdbRun {
  readonly binaries: Binaries
  readonly ground: Ground
  readonly fresh: string
  readonly durable: boolean
}

async function runInitdb({ binaries, ground, fresh, durable }: InitdbRun, signal: AbortSignal): Promise<void> {
  const args = ['-D', fresh, '-U', 'plimsoll', '--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions']
  // The built-in locale sorts alike on every machine and after every system upgrade.
  args.push('--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C')
  if (!durable) args.push('--no-sync')
  const ended = await runToEnd(binaries.initdb, args, { account: ground.account, signal })
  if (ended.code === 0) return
  const message = `Making the embedded database under ${ground.root} failed (initdb, exit status ${ended.code})`
  throw await downError(ground, { message, log: ended.log, neededBytes: newClusterBytes })
}

function runToEnd(program: string, args: readonly string[], { account, signal }: { account: Ground['account']; signal: AbortSignal }): Promise<{ code: number | null; log: string[] }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const child = spawn(program, args, { ...account, cwd: '/', env: serverEnvironment, stdio: ['ignore', 'pipe', 'pipe'], signal })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.once('error', (cause) => reject(signal.aborted ? cause : cannotRun(program, cause)))
    child.once('close', (code) => resolve({ code, log: text.trimEnd().split('\n').slice(-50) }))
  })
}

/** Nothing of ours leaks in: PGDATA, PGPORT and the like would change what the programs do. */
export const serverEnvironment: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' }

export function cannotRun(program: string, cause: unknown): PlimsollError {
  return new PlimsollError('TOOL_MISSING', `${program} cannot be run on this machine (${codeOf(cause) ?? 'unknown reason'})`, {
    hint: 'The bundled PostgreSQL needs Linux with glibc; elsewhere set DATABASE_URL to a PostgreSQL 14 or newer.',
    cause,
  })
}

async function majorVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function writeAccessRules(ground: Ground): Promise<void> {
  const fresh = newNameFor(ground.hba)
  await writeFile(fresh, accessRules, { mode: 0o600 })
  if (ground.account !== undefined) await chown(fresh, ground.account.uid, ground.account.gid)
  await rename(fresh, ground.hba)
}

function clusterLost(ground: Ground): PlimsollError {
  return new PlimsollError('DATABASE_DOWN', `The embedded database that was kept under ${ground.data} is gone`, {
    hint: `Mount or restore ${ground.root}. To begin anew with nothing, remove ${join(ground.home, 'postgres.json')}.`,
  })
}

function otherMajor(ground: Ground, found: string, binaries: Binaries): PlimsollError {
  return new PlimsollError('DATABASE_DOWN', `The embedded database under ${ground.data} was written by PostgreSQL ${found}, and this Plimsoll brings ${binaries.version}`, {
    hint: `Use the Plimsoll that brings PostgreSQL ${found}, or set DATABASE_URL.`,
  })
}
