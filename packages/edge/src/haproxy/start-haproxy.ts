import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { PlimsollError } from '@plimsoll/model'
import type { BoundSockets } from './bind-sockets.ts'
import { type HaproxyBind, haproxyConfig, type HaproxyPlan, termKey } from './haproxy-config.ts'
import { haproxyPaths, mapNames } from './haproxy-paths.ts'
import { type FoundHaproxy, generationsIn, pidOf, removeFiles } from './haproxy-processes.ts'
import { type Note, readNote } from './read-note.ts'

export interface HaproxyOptions extends Omit<HaproxyPlan, 'paths' | 'binds'> {
  /** The executable. */
  readonly binary: string
  readonly directory: string
  /** Where HAProxy's own words go. */
  readonly logFile: string
  readonly onNote: (note: Note) => void
  /** The highest generation that this process has started: what is left of one is removed when this process hears of its end, which may be after the next was started. */
  readonly lastGeneration: number
}

export type BoundPorts = ReadonlyMap<number, BoundSockets>

export interface Haproxy extends FoundHaproxy {
  /** How many answers it has told of. */
  told(): number
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
}

const readyMs = 20_000
/** The first descriptor behind those that every process has. */
const firstFd = 3

/**
 * Starts a HAProxy that accepts on sockets of this process, and returns when it does; others that have the same sockets accept
 * beside it. Throws `EDGE_DOWN` with where to read HAProxy's own words when it does not start.
 */
export async function startHaproxy(options: HaproxyOptions, ports: BoundPorts): Promise<Haproxy> {
  const { binary, directory } = options
  const generation = Math.max(options.lastGeneration, ...(await generationsIn(directory))) + 1
  const paths = haproxyPaths(directory, generation)
  const sockets = [...ports].flatMap(([port, bound]) => [...bound.values()].map((socket) => ({ port, socket })))
  const binds = sockets.map(({ port }, index): HaproxyBind => ({ port, fd: firstFd + index }))
  await Promise.all([
    ...mapNames.map(async (name) => writeFile(paths.maps[name], '', { mode: 0o600 })),
    writeFile(paths.term, `${termKey} 0\n`, { mode: 0o600 }),
    writeFile(paths.config, haproxyConfig({ ...options, paths, binds }), { mode: 0o600 }),
  ])
  let told = 0
  const notes = await listenForNotes(paths.notes, (note) => {
    told += 1
    options.onNote(note)
  })
  const saidFrom = await sizeOf(options.logFile)
  // Quiet: what it says at its start is said all the same, but not a line for each lane and each server that comes and goes.
  const child = spawnWithLog([binary, '-q', '-db', '-f', await realpath(paths.config)], { logFile: options.logFile, fds: sockets.map(({ socket }) => socket.fd) })
  const failed = once(child, 'error').then(([cause]: unknown[]) => Promise.reject(didNotStart(options, cause)))
  // One that could not even be started has ended too.
  const ended = once(child, 'exit').catch(() => undefined).then(async () => {
    notes.close()
    await removeFiles(directory, generation)
  })
  const settled = new AbortController()
  const limit = AbortSignal.any([settled.signal, AbortSignal.timeout(readyMs)])
  try {
    await Promise.race([failed, accepts(paths.control, child.pid, limit), ended.then(async () => Promise.reject(didNotStart(options, await lastWords(options.logFile, saidFrom))))])
  } catch (error) {
    // Nothing of it is left: neither a process that came up too late, nor files that look like a younger one.
    child.kill('SIGKILL')
    await ended
    throw error
  } finally {
    settled.abort()
  }
  return { generation, pid: child.pid ?? 0, control: paths.control, told: () => told, ended }
}

/** Whether it could be started is told by its events, which nobody has missed yet. */
function spawnWithLog([binary, ...words]: readonly [string, ...string[]], { logFile, fds }: { readonly logFile: string; readonly fds: readonly number[] }): ChildProcess {
  const output = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(binary, words, { detached: true, cwd: '/', env: {}, stdio: ['ignore', output, output, ...fds] })
    child.unref()
    return child
  } finally {
    closeSync(output)
  }
}

async function accepts(control: string, pid: number | undefined, limit: AbortSignal): Promise<void> {
  // It opens its ports before it answers, and tells nobody when.
  while ((await pidOf(control)) !== pid) await delay(5, undefined, { signal: limit })
}

async function listenForNotes(path: string, onNote: (note: Note) => void): Promise<Server> {
  await rm(path, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    createInterface({ input: socket }).on('line', (line) => {
      const note = readNote(line)
      if (note !== undefined) onNote(note)
    })
  })
  server.listen(path)
  await once(server, 'listening')
  server.unref()
  return server
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}

/** What it printed since `from` bytes of its log, shortened to its end: there it says what it died of. */
async function lastWords(logFile: string, from: number): Promise<Error> {
  const said = (await readFile(logFile).catch(() => Buffer.alloc(0))).subarray(from).toString().trim()
  return new Error(said === '' ? 'It ended without a word.' : `It ended, and said: ${said.slice(-600)}`)
}

function didNotStart({ binary, logFile }: HaproxyOptions, cause?: unknown): PlimsollError {
  const why = cause instanceof Error ? ` ${cause.message}` : ''
  return new PlimsollError('EDGE_DOWN', `HAProxy (${binary}) did not start.${why}`, { hint: `Read why: tail -n 50 ${logFile}`, details: { log: logFile }, cause })
}
