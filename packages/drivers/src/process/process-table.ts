import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'

/** One process as Linux shows it under /proc. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Clock ticks between the machine's boot and this process's start; with the pid, unique until the next boot. */
  readonly startTicks: number
  /** At most 15 characters of the executable's name. */
  readonly name: string
  /** Where in its memory its stack begins, which is another place for each program that it becomes; 0 in the moment between two, and where we may not look. */
  readonly stack: number
}

/** A pid alone is used again; this is not. */
export const processIdSchema = z.object({ boot: z.string(), pid: z.number().int().positive(), startTicks: z.number().int().nonnegative() })
export type ProcessId = z.infer<typeof processIdSchema>

/** `PF_KTHREAD` of Linux's include/linux/sched.h, among the flags that a process has. */
const kernelThread = 0x00_20_00_00

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Every living process, without the kernel's own threads, which are none of anybody's. Zombies have ended: only their parent does not know yet. */
export async function listProcesses(): Promise<readonly ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  return (await inTurns(pids, readProcess)).filter((entry) => entry !== undefined)
}

/** Undefined when there is no such process, or only its zombie. */
function readProcess(pid: number): ProcessEntry | undefined {
  const text = readProcFile(pid, 'stat')
  return text === undefined ? undefined : parseStat(text)
}

export function isAlive(id: ProcessId): boolean {
  return id.boot === bootId && readProcess(id.pid)?.startTicks === id.startTicks
}

export function sameProcess(a: ProcessId, b: ProcessId): boolean {
  return a.boot === b.boot && a.pid === b.pid && a.startTicks === b.startTicks
}

export function identify(entry: Pick<ProcessEntry, 'pid' | 'startTicks'>): ProcessId {
  return { boot: bootId, pid: entry.pid, startTicks: entry.startTicks }
}

/**
 * The identity of a child that was spawned in this very turn of the event loop. Read synchronously,
 * because a child that has ended already stays in the table only until Node gets to reap it.
 */
export function identifyChild(pid: number): ProcessId {
  const entry = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), { zombies: true })
  if (entry === undefined) throw new Error(`/proc/${pid}/stat has an unknown form`)
  return identify(entry)
}

/**
 * The environment that a process was started with; empty where we may not look, where the process wrote over it,
 * and where `having` is no variable of it (which spares taking apart the environment of every process there is).
 */
export function readEnvironment(pid: number, having: string): ReadonlyMap<string, string> {
  const text = readProcFile(pid, 'environ') ?? ''
  if (!text.includes(`${having}=`)) return new Map()
  const pairs = text.split('\0').map((pair): [string, string] => {
    const end = pair.indexOf('=')
    return end < 0 ? [pair, ''] : [pair.slice(0, end), pair.slice(end + 1)]
  })
  return new Map(pairs)
}

export function readCommandLine(pid: number): readonly string[] {
  return (readProcFile(pid, 'cmdline') ?? '').split('\0').filter((word) => word !== '')
}

/** The name stands in parentheses and may itself contain spaces and parentheses. */
function parseStat(text: string, options: { readonly zombies?: boolean } = {}): ProcessEntry | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ', 26)
  const state = fields[0]
  if (options.zombies !== true && (state === 'Z' || state === 'X' || state === 'x')) return undefined
  if ((Number(fields[6]) & kernelThread) !== 0) return undefined
  const [parent, group, session] = fields.slice(1, 4).map(Number)
  const startTicks = Number(fields[19])
  if (open < 0 || parent === undefined || group === undefined || session === undefined || Number.isNaN(startTicks)) return undefined
  return { pid: Number(text.slice(0, open)), parent, group, session, startTicks, name: text.slice(open + 1, close), stack: Number(fields[25]) }
}

/**
 * Asks a question of each, and lets others have a turn now and then. The files under /proc are read
 * synchronously, because they come out of memory: a trip to the thread pool costs ten times as much.
 */
export async function inTurns<In, Out>(items: readonly In[], ask: (item: In) => Out): Promise<readonly Out[]> {
  const answers: Out[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % turnLength === 0) await setImmediate()
    answers.push(ask(item))
  }
  return answers
}

const turnLength = 50

/** Undefined where there is no such process, and where we may not look. */
export function readProcFile(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** A process may end between any two looks at it, and the processes of others are none of our business. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM'
}
