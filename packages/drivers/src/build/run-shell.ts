import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { endTree } from './process-tree.ts'

export interface ShellRun {
  /** The user's own command line. */
  readonly command: string
  readonly cwd: string
  /** All that the command gets to see; nothing is added. */
  readonly environment: Readonly<Record<string, string>>
  readonly onLine: (text: string) => void
}

export type ProgramRun = Omit<ShellRun, 'command'> & { readonly program: string; readonly args: readonly string[] }

export interface ShellExit {
  readonly code: number | null
  readonly signal: string | null
}

const graceMs = 2_000

/** Runs a command line to its end, as {@link runProgram} does. */
export function runShell(run: ShellRun, signal: AbortSignal): Promise<ShellExit> {
  return runProgram({ ...run, program: shell(), args: ['-c', run.command] }, signal)
}

/**
 * Runs a program to its end in a session of its own. When `signal` fires, everything
 * that it started is ended before the promise rejects with the signal's reason; the same
 * holds for what it leaves running when it ends by itself.
 */
export async function runProgram(run: ProgramRun, signal: AbortSignal): Promise<ShellExit> {
  signal.throwIfAborted()
  const child = spawn(run.program, run.args, { cwd: run.cwd, env: run.environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { promise: ended, resolve, reject } = Promise.withResolvers<ShellExit>()
  child.once('error', reject)
  child.once('exit', (code, by) => resolve({ code, signal: by }))
  const leader = child.pid
  const lines = Promise.all([eachLine(child.stdout, run.onLine), eachLine(child.stderr, run.onLine)])
  const end = leader === undefined ? undefined : () => void endTree(leader, graceMs)
  // A command whose output is not taken any more would block on it for ever; why it was not is thrown below.
  lines.catch(() => end?.())
  if (end !== undefined) signal.addEventListener('abort', end, { once: true })
  try {
    const exit = await ended
    if (leader !== undefined) await endTree(leader, signal.aborted ? graceMs : 0)
    await lines
    signal.throwIfAborted()
    return exit
  } finally {
    if (end !== undefined) signal.removeEventListener('abort', end)
  }
}

/** bash where there is one, because that is what Blueprints are written for; else sh. */
function shell(): string {
  return ['/bin/bash', '/usr/bin/bash'].find((file) => existsSync(file)) ?? '/bin/sh'
}

async function eachLine(stream: Readable, onLine: (text: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line)
}
