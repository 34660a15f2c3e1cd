import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SuiteWorld } from '../suite-world.ts'
import { directoryBytes } from './directory-bytes.ts'

export interface CommandRun {
  /** The user's own line for the shell. */
  readonly command: string
  /** Given to it as words of their own, which no shell reads. */
  readonly words: readonly string[]
  /** Absolute. */
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Absolute; what is in it counts against `limitBytes`, and its output goes there. */
  readonly directory: string
  readonly limitMs: number
  readonly limitBytes: number
}

export interface CommandEnd {
  /** `late` and `large`: it was ended at its limit of time or of room. */
  readonly is: 'exited' | 'late' | 'large' | 'unstarted'
  /** Undefined for one that a signal ended. */
  readonly code: number | undefined
  /** What it ran that went on after it had ended, until it was ended too. */
  readonly leftBehind: readonly string[]
  /** Its last lines. */
  readonly log: readonly string[]
}

/** By which everything is found that a suite started, wherever it went. */
const mark = 'PLIMSOLL_SUITE_RUN'
/** By which everything is found that suites of one verification started. */
const markOfAll = 'PLIMSOLL_SUITES'
const graceMs = 2_000
const lookMs = 250
/** Turborepo and package managers take a moment to follow what they ran. */
const patienceMs = 1_000

/** Runs a command to its end, or to its limit. Whatever it started has ended when this returns or throws, which it does only for `signal`. */
export async function runCommand(run: CommandRun, world: Pick<SuiteWorld, 'clock' | 'processes' | 'scratch'>, signal: AbortSignal): Promise<CommandEnd> {
  signal.throwIfAborted()
  const id = randomUUID()
  const output = join(run.directory, 'output.log')
  await using log = await open(output, 'w')
  let allEnded = false
  try {
    const over = new AbortController()
    const child = started(run, { marks: { [mark]: id, [markOfAll]: world.scratch }, log: log.fd })
    const limits = [atLimitOfTime(run, world, over.signal), atLimitOfRoom(run, world, over.signal), untilAborted(signal, over.signal)]
    const is = await Promise.race([child, ...limits]).finally(() => over.abort())
    signal.throwIfAborted()
    const leftBehind = is.is === 'exited' ? await stillRunning(id, world, signal) : []
    allEnded = is.is === 'exited' && leftBehind.length === 0
    return { ...is, leftBehind, log: await lastLines(output) }
  } finally {
    if (!allEnded) await world.processes.end({ key: mark, value: id, graceMs }, AbortSignal.timeout(60_000))
  }
}

/** Ends and removes what suites of a verification left that did not come to its end: `scratch` is what it was given. Twice is once. */
export async function removeSuites({ processes, scratch }: Pick<SuiteWorld, 'processes' | 'scratch'>, signal: AbortSignal): Promise<void> {
  await processes.end({ key: markOfAll, value: scratch, graceMs: 0 }, signal)
  await rm(scratch, { recursive: true, force: true })
}

type Ending = Pick<CommandEnd, 'is' | 'code'>

function started({ command, words, cwd, environment }: CommandRun, { marks, log }: { readonly marks: Readonly<Record<string, string>>; readonly log: number }): Promise<Ending> {
  const shell = ['/bin/bash', '/usr/bin/bash'].find((file) => existsSync(file)) ?? '/bin/sh'
  const line = words.length === 0 ? command : `${command} "$@"`
  const child = spawn(shell, ['-c', line, 'suite', ...words], { cwd, env: { ...environment, ...marks }, detached: true, stdio: ['ignore', log, log] })
  return new Promise((resolve) => {
    child.once('error', () => resolve({ is: 'unstarted', code: undefined }))
    child.once('exit', (code) => resolve({ is: 'exited', code: code ?? undefined }))
  })
}

async function atLimitOfTime({ limitMs }: CommandRun, { clock }: Pick<SuiteWorld, 'clock'>, over: AbortSignal): Promise<Ending> {
  await sleptUnlessOver(clock.sleep(limitMs, over), over)
  return { is: 'late', code: undefined }
}

async function atLimitOfRoom({ directory, limitBytes }: CommandRun, { clock }: Pick<SuiteWorld, 'clock'>, over: AbortSignal): Promise<Ending> {
  while (!over.aborted && (await directoryBytes(directory, limitBytes)) < limitBytes) await sleptUnlessOver(clock.sleep(lookMs, over), over)
  return { is: 'large', code: undefined }
}

/** A race that is over has no use for how its losers end. */
async function sleptUnlessOver(sleep: Promise<void>, over: AbortSignal): Promise<void> {
  try {
    await sleep
  } catch (error) {
    if (!over.aborted) throw error
  }
}

function untilAborted(signal: AbortSignal, over: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    const give = () => resolve({ is: 'late', code: undefined })
    if (signal.aborted) return give()
    signal.addEventListener('abort', give, { once: true, signal: over })
  })
}

async function stillRunning(id: string, { clock, processes }: Pick<SuiteWorld, 'clock' | 'processes'>, signal: AbortSignal): Promise<readonly string[]> {
  const until = clock.now() + patienceMs
  let left = await processes.find(mark, id)
  while (left.length > 0 && clock.now() < until) {
    await clock.sleep(lookMs / 5, signal)
    left = await processes.find(mark, id)
  }
  return left.map(({ name }) => name)
}

const tailBytes = 64 * 1024
const tailLines = 200

async function lastLines(file: string): Promise<readonly string[]> {
  await using handle = await open(file, 'r')
  const { size } = await stat(file)
  const from = Math.max(0, size - tailBytes)
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(Math.min(size, tailBytes)), position: from })
  const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n').map((line) => line.trimEnd().slice(0, 2_000))
  return lines.slice(from > 0 ? 1 : 0).filter((line, index, all) => line !== '' || index < all.length - 1).slice(-tailLines)
}
