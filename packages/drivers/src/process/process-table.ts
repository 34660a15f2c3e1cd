import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
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
}

/** A pid alone is used again; this is not. */
export const processIdSchema = z.object({ boot: z.string(), pid: z.number().int().positive(), startTicks: z.number().int().nonnegative() })
export type ProcessId = z.infer<typeof processIdSchema>

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Every living process. Zombies have ended: only their parent does not know yet. */
export async function listProcesses(): Promise<readonly ProcessEntry[]> {
  const names = await readdir('/proc')
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((pid) => readProcess(Number(pid))))
  return entries.filter((entry) => entry !== undefined)
}

/** Undefined when there is no such process, or only its zombie. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  const text = await readProcFile(pid, 'stat')
  return text === undefined ? undefined : parseStat(text)
}

export async function isAlive(id: ProcessId): Promise<boolean> {
  if (id.boot !== bootId) return false
  return (await readProcess(id.pid))?.startTicks === id.startTicks
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

/** The environment that a process was started with; empty where we may not look or the process wrote over it. */
export async function readEnvironment(pid: number): Promise<ReadonlyMap<string, string>> {
  const text = (await readProcFile(pid, 'environ')) ?? ''
  const pairs = text.split('\0').map((pair): [string, string] => {
    const end = pair.indexOf('=')
    return end < 0 ? [pair, ''] : [pair.slice(0, end), pair.slice(end + 1)]
  })
  return new Map(pairs)
}

export async function readCommandLine(pid: number): Promise<readonly string[]> {
  return ((await readProcFile(pid, 'cmdline')) ?? '').split('\0').filter((word) => word !== '')
}

/** The name stands in parentheses and may itself contain spaces and parentheses. */
function parseStat(text: string, options: { readonly zombies?: boolean } = {}): ProcessEntry | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  const state = fields[0]
  if (options.zombies !== true && (state === 'Z' || state === 'X' || state === 'x')) return undefined
  const [parent, group, session] = fields.slice(1, 4).map(Number)
  const startTicks = Number(fields[19])
  if (open < 0 || parent === undefined || group === undefined || session === undefined || Number.isNaN(startTicks)) return undefined
  return { pid: Number(text.slice(0, open)), parent, group, session, startTicks, name: text.slice(open + 1, close) }
}

async function readProcFile(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8')
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
