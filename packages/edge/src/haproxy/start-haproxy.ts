import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { PlimsollError } from '@plimsoll/model'
import { haproxyConfig, type HaproxyPlan } from './haproxy-config.ts'
import { generationOf, haproxyPaths, mapNames } from './haproxy-paths.ts'
import { type Note, readNote } from './read-note.ts'
import { askRuntime } from './runtime-socket.ts'

export interface HaproxyOptions extends Omit<HaproxyPlan, 'paths' | 'ports'> {
  /** The executable. */
  readonly binary: string
  readonly directory: string
  /** Where HAProxy's own words go. */
  readonly logFile: string
  readonly onNote: (note: Note) => void
}

/** A HAProxy that answers, whoever started it. It outlives this process, and the one that is started after it takes its ports over. */
export interface FoundHaproxy {
  readonly generation: number
  readonly pid: number
  readonly control: string
}

export interface Haproxy extends FoundHaproxy {
  /** How many answers it has told of. */
  told(): number
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
}

const readyMs = 20_000

/** The HAProxy that answers in this directory, whoever started it. */
export async function findHaproxy(directory: string): Promise<FoundHaproxy | undefined> {
  const generations = (await readdir(directory)).map(generationOf).filter((each) => each !== undefined).toSorted((one, other) => other - one)
  for (const generation of generations) {
    const { control } = haproxyPaths(directory, generation)
    const pid = await pidOf(control)
    if (pid !== undefined) return { generation, pid, control }
    await removeFiles(directory, generation)
  }
  return undefined
}

/**
 * Starts HAProxy on `ports` and returns when it accepts. It takes the listening sockets of `before` over, so that no connection is
 * refused, and `before` ends when its last answer is given. Throws `EDGE_DOWN` with HAProxy's own words when it does not start.
 */
export async function startHaproxy(options: HaproxyOptions, ports: readonly number[], before: FoundHaproxy | undefined): Promise<Haproxy> {
  const { binary, directory } = options
  const generation = (before?.generation ?? 0) + 1
  const paths = haproxyPaths(directory, generation)
  await Promise.all(mapNames.map(async (name) => writeFile(paths.maps[name], '', { mode: 0o600 })))
  await writeFile(paths.config, haproxyConfig({ ...options, paths, ports }), { mode: 0o600 })
  let told = 0
  const notes = await listenForNotes(paths.notes, (note) => {
    told += 1
    options.onNote(note)
  })
  const output = await open(options.logFile, 'a', 0o600)
  const inherit = before === undefined ? [] : ['-x', before.control, '-sf', String(before.pid)]
  const child = spawn(binary, ['-db', '-f', paths.config, ...inherit], { detached: true, cwd: '/', env: {}, stdio: ['ignore', output.fd, output.fd] })
  const failed = once(child, 'error').then(([error]: unknown[]) => Promise.reject(error instanceof Error ? error : didNotStart(options)))
  await output.close()
  const ended = once(child, 'exit').then(async () => {
    notes.close()
    await removeFiles(directory, generation)
  })
  child.unref()
  const { pid } = child
  await Promise.race([failed, accepts(paths.control, pid), ended.then(() => Promise.reject(didNotStart(options)))])
  return { generation, pid: pid ?? 0, control: paths.control, told: () => told, ended }
}

/** Ends the one that answers in this directory, if there is one, with whatever is under way. */
export async function endHaproxies(directory: string): Promise<void> {
  const found = existsSync(directory) ? await findHaproxy(directory) : undefined
  if (found === undefined) return
  signalTo(found.pid, 'SIGKILL')
  await endOf(found.pid)
}

/** What it listens on. */
export async function portsOf(directory: string, { generation }: FoundHaproxy): Promise<ReadonlySet<number>> {
  const text = await readFile(haproxyPaths(directory, generation).config, 'utf8')
  return new Set([...text.matchAll(/^ {2}bind \S+:(\d+)$/gm)].map(([, port]) => Number(port)))
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
export async function endOf(pid: number, everyMs = 20): Promise<void> {
  while (await isAlive(pid)) await delay(everyMs, undefined, { ref: false })
}

/** One that its parent has not asked about yet holds nothing any more. */
async function isAlive(pid: number): Promise<boolean> {
  return await readFile(`/proc/${pid}/stat`, 'utf8').then((text) => !/\) [ZX] /.test(text), () => false)
}

async function accepts(control: string, pid: number | undefined): Promise<void> {
  const limit = AbortSignal.timeout(readyMs)
  // It opens its ports before it answers, and tells nobody when.
  while ((await pidOf(control)) !== pid) await delay(5, undefined, { signal: limit })
}

/** Which process answers on a runtime socket; undefined when none does. */
export async function pidOf(control: string): Promise<number | undefined> {
  const info = await askRuntime(control, 'show info').catch(() => '')
  const pid = /^Pid: (\d+)$/m.exec(info)?.[1]
  return pid === undefined ? undefined : Number(pid)
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

async function removeFiles(directory: string, generation: number): Promise<void> {
  const { config, control, notes } = haproxyPaths(directory, generation)
  await Promise.all([config, control, notes].map(async (path) => rm(path, { force: true })))
}

function didNotStart({ logFile }: HaproxyOptions): PlimsollError {
  return new PlimsollError('EDGE_DOWN', 'HAProxy did not start.', { hint: `Read why: tail -n 50 ${logFile}`, details: { log: logFile } })
}
