import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fromProblem, isPlimsollError, PlimsollError, problemSchema } from '@plimsoll/model'
import manifest from '../../package.json' with { type: 'json' }
import { edgePaths } from '../edge-paths.ts'
import { endHaproxies } from '../haproxy/haproxy-processes.ts'
import { lockHome } from '../home-lock.ts'
import { askEdge, openAnswer } from './ask-edge.ts'
import { type EdgeHealth, edgeHealthSchema, protocol, type ReplaceBody } from './control-protocol.ts'

export interface EdgeProcessOptions {
  /** Plimsoll's home directory. */
  readonly home: string
  /** The port that all hosts share. An edge that runs already keeps the one that it has. */
  readonly port?: number
  /** The executable of a HAProxy that listens for the edge; without it the edge listens itself. */
  readonly haproxy?: string | undefined
  /** The Node executable; this process's own unless set. */
  readonly node?: string
  /** The file that the process runs; `main.ts` of this package unless set. */
  readonly entry?: string
  /** The Plimsoll that wants the edge; this package's own unless set. An edge of another one is replaced. */
  readonly version?: string
  /** How long what is under way in an edge that is replaced may go on there. */
  readonly replaceGraceMs?: number
}

export interface EdgeProcess {
  readonly controlSocket: string
  readonly health: EdgeHealth
  /** False when an edge was running before, and was adopted as it is or replaced. */
  readonly started: boolean
}

/**
 * Short-lived objects have room to die young: with 1 or 2 MB they grow old under load and the heap with them, without a
 * limit they take more. `--optimize-for-size` saves 15 MB more and costs half as much CPU again. Figures: docs/performance.md.
 */
const heap = ['--max-semi-space-size=4']

const edgeVersion: string = manifest.version
const entryOfThisPackage = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Event streams and WebSockets of an edge that is replaced. */
const usualReplaceGraceMs = 600_000

/**
 * Makes sure that an edge of this version serves from `home` and returns when it does. One that runs is adopted; one of another
 * version is replaced, and nothing that is under way is lost; else one is started, detached: it outlives whoever started it.
 * Called twice, starts one. Throws `PORT_TAKEN` when the shared port is not free
 * and `EDGE_DOWN` when the process does not come up; the log is `edge/edge.log` in the home.
 */
export async function ensureEdge(options: EdgeProcessOptions, signal: AbortSignal): Promise<EdgeProcess> {
  const { controlSocket } = edgePaths(options.home)
  const running = await edgeHealth({ controlSocket }, signal)
  if (running !== undefined && isWanted(running, options)) return { controlSocket, health: running, started: false }
  if (running !== undefined && running.haproxy !== options.haproxy) {
    // Neither can listen where the other does.
    await stopEdge(options, signal)
    return await ensureEdge(options, signal)
  }
  // One whose edge has died serves on, until the next edge takes it over, or listens itself.
  if (running === undefined && options.haproxy === undefined) await endHaproxies(edgePaths(options.home).directory)
  const started = running === undefined ? await startProcess(options, signal) : await replaceProcess(running, options, signal)
  const health = await edgeHealth({ controlSocket }, signal)
  if (health === undefined) throw downAfterStart(options, 'It ended right after it had started.')
  return { controlSocket, health, started }
}

/** How the edge is; undefined when none answers. */
export async function edgeHealth({ controlSocket }: { controlSocket: string }, signal: AbortSignal): Promise<EdgeHealth | undefined> {
  try {
    return edgeHealthSchema.parse(await askEdge({ controlSocket, method: 'GET', path: '/health' }, signal))
  } catch (error) {
    if (isPlimsollError(error) && error.code === 'EDGE_DOWN') return undefined
    throw error
  }
}

/**
 * Stops the edge, and whatever takes over from it meanwhile, and returns when nothing holds its ports and the home any more.
 * Where none runs it does nothing. What it served is served again by the next start.
 */
export async function stopEdge({ home }: { home: string }, signal: AbortSignal): Promise<void> {
  const { controlSocket, directory } = edgePaths(home)
  while (await isHeld(directory)) {
    await stopWhatAnswers(controlSocket, signal)
    await delay(20, undefined, { signal })
  }
  await endHaproxies(directory)
}

/** Whether a process has the lock of the home, answering or not. */
async function isHeld(directory: string): Promise<boolean> {
  if (!existsSync(directory)) return false
  const lock = await lockHome(directory)
  await lock?.release()
  return lock === undefined
}

async function stopWhatAnswers(controlSocket: string, signal: AbortSignal): Promise<void> {
  try {
    const answer = await openAnswer({ controlSocket, method: 'POST', path: '/stop' }, signal)
    answer.resume()
    // The answer ends when the process does: a connection that breaks off is what is waited for.
    await new Promise<void>((resolve) => answer.once('close', resolve).on('error', () => resolve()))
  } catch (error) {
    if (!isPlimsollError(error) || error.code !== 'EDGE_DOWN') throw error
  }
}

function isWanted(running: EdgeHealth, { version = edgeVersion, haproxy }: EdgeProcessOptions): boolean {
  return running.protocol === protocol && running.version === version && running.haproxy === haproxy
}

/** Has the edge that runs hand over. One from before there was such a thing is stopped and started, as far as its clients see with a pause. */
async function replaceProcess({ port }: EdgeHealth, options: EdgeProcessOptions, signal: AbortSignal): Promise<boolean> {
  const { controlSocket } = edgePaths(options.home)
  const body: ReplaceBody = {
    program: { node: options.node ?? process.execPath, nodeOptions: heap, entry: options.entry ?? entryOfThisPackage, options: argumentsFor(port === undefined ? options : { ...options, port }) },
    graceMs: options.replaceGraceMs ?? usualReplaceGraceMs,
  }
  try {
    await askEdge({ controlSocket, method: 'POST', path: '/replace', body }, signal)
    return false
  } catch (error) {
    if (!isPlimsollError(error) || error.code !== 'NOT_FOUND') throw error
    await stopEdge(options, signal)
    return await startProcess(options, signal)
  }
}

function argumentsFor({ home, port, haproxy, version = edgeVersion }: EdgeProcessOptions): string[] {
  return ['--home', home, ...(port === undefined ? [] : ['--port', String(port)]), ...(haproxy === undefined ? [] : ['--haproxy', haproxy]), '--version', version]
}

/** True when the process that we started became the edge, false when another one was faster. */
async function startProcess(options: EdgeProcessOptions, signal: AbortSignal): Promise<boolean> {
  const { directory, log, compiled } = edgePaths(options.home)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const output = await open(log, 'a', 0o600)
  try {
    const args = [...heap, options.entry ?? entryOfThisPackage, ...argumentsFor(options), '--ready-fd', '3']
    const child = spawn(options.node ?? process.execPath, args, {
      detached: true,
      cwd: '/',
      env: { ...environment(), NODE_COMPILE_CACHE: compiled },
      stdio: ['ignore', output.fd, output.fd, 'pipe'],
    })
    return understand(options, await firstWord(child, signal))
  } finally {
    await output.close()
  }
}

/** The edge outlives its starter and needs none of its secrets. */
function environment(): Record<string, string> {
  const wanted = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'].map((name) => [name, process.env[name]] as const)
  return Object.fromEntries(wanted.filter((pair): pair is [typeof pair[0], string] => pair[1] !== undefined))
}

/** The line that the process says about its start. When nobody waits for it any more it is not left half started. */
async function firstWord(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const giveUp = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', giveUp)
  try {
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    const word = await Promise.race([firstLine(child.stdio[3] as Readable), failed])
    signal.throwIfAborted()
    return word
  } finally {
    signal.removeEventListener('abort', giveUp)
    child.unref()
  }
}

async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split('\n')[0] ?? ''
}

function understand(options: EdgeProcessOptions, word: string): boolean {
  if (word === 'ready') return true
  if (word === 'already-running') return false
  if (word === '') throw downAfterStart(options, 'It ended before it was ready.')
  throw fromProblem(problemSchema.parse(JSON.parse(word)))
}

function downAfterStart(options: EdgeProcessOptions, what: string): PlimsollError {
  const { log } = edgePaths(options.home)
  return new PlimsollError('EDGE_DOWN', `The edge did not start. ${what}`, { hint: `Read why: tail -n 50 ${log}`, details: { log } })
}
