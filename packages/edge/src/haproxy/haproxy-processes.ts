import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { generationOf, haproxyPaths } from './haproxy-paths.ts'
import { askRuntime } from './runtime-socket.ts'

/** A HAProxy that runs, whoever started it. It outlives this process, and the one that is started after it has the same sockets. */
export interface HaproxyProcess {
  /** Counts the HAProxies of a home. */
  readonly generation: number
  readonly pid: number
}

/** One that answers on its runtime socket; one that was told to leave does not. */
export interface FoundHaproxy extends HaproxyProcess {
  readonly control: string
}

/** Every HAProxy that was started with a configuration in this directory, also those that only give their last answers; the newest first. */
export function haproxiesOf(directory: string): HaproxyProcess[] {
  const own = `${realpathSync(directory)}/`
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.flatMap((pid) => {
    const generation = generationRunBy(pid, own)
    return generation === undefined || !isAlive(Number(pid)) ? [] : [{ generation, pid: Number(pid) }]
  })
  return found.toSorted((one, other) => other.generation - one.generation)
}

/** As its command line says. */
function generationRunBy(pid: string, own: string): number | undefined {
  const words = textOf(`/proc/${pid}/cmdline`).split('\0')
  const config = words[words.indexOf('-f') + 1] ?? ''
  return config.startsWith(own) ? generationOf(config.slice(own.length)) : undefined
}

/** The HAProxy that answers in this directory, other than `except`. */
export async function findHaproxy(directory: string, except?: number): Promise<FoundHaproxy | undefined> {
  for (const { generation, pid } of haproxiesOf(directory)) {
    if (pid === except) continue
    const { control } = haproxyPaths(directory, generation)
    if ((await pidOf(control)) === pid) return { generation, pid, control }
  }
  return undefined
}

/** Removes what those that ended have left here; nobody may be about to start one. */
export async function removeLeavings(directory: string): Promise<void> {
  const running = new Set(haproxiesOf(directory).map(({ generation }) => generation))
  const gone = (await generationsIn(directory)).filter((generation) => !running.has(generation))
  await Promise.all(gone.map(async (generation) => removeFiles(directory, generation)))
}

/** Those that have files here; one that runs always has. */
export async function generationsIn(directory: string): Promise<number[]> {
  return (await readdir(directory)).map(generationOf).filter((each) => each !== undefined)
}

/** Ends all of this directory, with whatever is under way. */
export async function endHaproxies(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  await Promise.all(haproxiesOf(directory).map(async ({ pid, generation }) => {
    signalTo(pid, 'SIGKILL')
    await endOf(pid)
    await removeFiles(directory, generation)
  }))
}

/** What it listens on. */
export async function portsOf(directory: string, { generation }: HaproxyProcess): Promise<ReadonlySet<number>> {
  const text = await readFile(haproxyPaths(directory, generation).config, 'utf8')
  return new Set([...text.matchAll(/^ {2}bind fd@\d+ name p(\d+)$/gm)].map(([, port]) => Number(port)))
}

/** Which process answers on a runtime socket; undefined when none does. */
export async function pidOf(control: string): Promise<number | undefined> {
  const info = await askRuntime(control, 'show info').catch(() => '')
  const pid = /^Pid: (\d+)$/m.exec(info)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

/** Does nothing to one that has ended. */
export function signalTo(pid: number, signal: 'SIGUSR1' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Waits for the end of a process that may be nobody's child. */
export async function endOf(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20, undefined, { ref: false })
}

/** One that its parent has not asked about yet holds nothing any more. */
function isAlive(pid: number): boolean {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat !== '' && !/\) [ZX] /.test(stat)
}

/** Nothing for a process that has ended. What the kernel tells comes from memory: there is nothing to wait for. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

export async function removeFiles(directory: string, generation: number): Promise<void> {
  const { config, control, notes } = haproxyPaths(directory, generation)
  await Promise.all([config, control, notes].map(async (path) => rm(path, { force: true })))
}
