import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

export interface Question {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly limitMs: number
  /** How long an answer may be. */
  readonly limitBytes: number
}

export interface Answer {
  readonly ended: 'itself' | 'time' | 'size'
  /** What it wrote to descriptor 3. */
  readonly text: string
  /** The end of what it printed. */
  readonly log: string
}

/** Runs a program for what it writes to descriptor 3, and ends it with its whole process group at the latest when it must have answered. */
export async function runForAnswer({ program, args, cwd, environment, limitMs, limitBytes }: Question, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted()
  const child = spawn(program, args, { cwd, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const [, stdout, stderr, answer] = child.stdio as unknown as readonly [null, Readable, Readable, Readable]
  let ended: Answer['ended'] = 'itself'
  const end = (why: Answer['ended']) => {
    ended = why
    endGroup(child.pid)
    answer.destroy()
  }
  const timer = setTimeout(() => end('time'), limitMs)
  const onAbort = () => end('time')
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const parts = { text: '', log: '' }
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      parts.text += chunk
      if (parts.text.length > limitBytes) end('size')
    })
    for (const stream of [stdout, stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => { parts.log = `${parts.log}${chunk}`.slice(-4_000) })
    const exited = new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => resolve())
    })
    // 'close' and not 'end': whoever left the group may hold it open for ever, and then time ends it.
    const told = new Promise<void>((resolve) => answer.once('close', resolve))
    await exited
    endGroup(child.pid)
    await told
    signal.throwIfAborted()
    return { ended, text: parts.text, log: parts.log.trim() }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    endGroup(child.pid)
    for (const stream of [stdout, stderr, answer]) stream.destroy()
  }
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
