import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './code-of.ts'
import type { Ground } from './ground.ts'
import { isAlive } from './move-into-place.ts'

/** The id of the server process that works on this ground's data, if one is alive. */
export async function livePostmaster(ground: Pick<Ground, 'data'>): Promise<number | undefined> {
  const pid = await pidIn(lockFileOf(ground.data))
  return pid !== undefined && (await worksOn(pid, ground.data)) ? pid : undefined
}

/**
 * Makes the data startable after the server was killed: ends backends that outlived it, and takes away lock files of
 * the data and of the socket whose process id is still, or again, in use (by what is left of the killed server until its
 * parent asks about it, or by a stranger), which PostgreSQL itself would respect for as long as that lasts. Call only
 * when {@link livePostmaster} found none, and under the start lock.
 */
export async function clearRemains(ground: Pick<Ground, 'data' | 'socketDirectory' | 'port'>, signal: AbortSignal): Promise<void> {
  await endOrphans(ground.data, signal)
  for (const lockFile of [lockFileOf(ground.data), join(ground.socketDirectory, `.s.PGSQL.${ground.port}.lock`)]) {
    const pid = await pidIn(lockFile)
    if (pid !== undefined && isAlive(pid)) await rm(lockFile, { force: true })
  }
}

/** Resolves when the process is gone; false when it is still there after `withinMs`. */
export async function isGone(pid: number, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false
    await sleep(10, undefined, { signal })
  }
  return true
}

function lockFileOf(data: string): string {
  return join(data, 'postmaster.pid')
}

async function pidIn(lockFile: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(lockFile, 'utf8'), 10)
    return Number.isInteger(pid) && pid > 1 ? pid : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Ids are reused: only a process that was given our data directory on its command line is our server. */
async function worksOn(pid: number, data: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(data)
  } catch {
    return false // Gone in the meantime, or a stranger's process that we may not look at.
  }
}

/** A killed server leaves its backends behind for a moment, longer inside a long query. They run in the data directory. */
async function endOrphans(data: string, signal: AbortSignal): Promise<void> {
  const orphans = await processesIn(data)
  for (const pid of orphans) kill(pid, 'SIGQUIT')
  for (const pid of orphans) {
    if (!(await isGone(pid, 5_000, signal))) kill(pid, 'SIGKILL')
  }
}

async function processesIn(directory: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid) && pid > 1)
  const homes = await Promise.all(pids.map(async (pid) => ({ pid, cwd: await workingDirectory(pid) })))
  return homes.filter(({ cwd }) => cwd === directory).map(({ pid }) => pid)
}

async function workingDirectory(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/cwd`)
  } catch {
    return undefined // Gone, or a stranger's: not one of ours either way.
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}
