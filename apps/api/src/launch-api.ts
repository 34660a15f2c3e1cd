import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromProblem, PlimsollError, problemSchema } from '@plimsoll/model'
import { z } from 'zod'
import { logPath } from './log-path.ts'

const messageSchema = z.union([z.object({ ready: z.string() }), z.object({ problem: problemSchema }), z.object({ taken: z.literal(true) })])

/**
 * Less memory than Node takes by itself, with room for short-lived objects to die young: with `--optimize-for-size` every answer takes up to twice the
 * processor time. What is not needed any more is given back by `keepLean`. Figures: docs/performance.md.
 */
const leanHeap = ['--max-semi-space-size=4', '--expose-gc']

/** Of glibc: what builds and verifications took outside of the heap goes back to the machine, and is not kept by each thread for itself. */
const leanMemory = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' }

const entry = fileURLToPath(new URL('main.ts', import.meta.url))

/**
 * Starts the API of `home` as a process of its own, which outlives the one that started it, and returns when it
 * answers or when another one has `home` already. Throws what kept it from starting, or `API_UNREACHABLE` with its last words.
 */
export async function launchApi({ home, environment }: { readonly home: string; readonly environment: NodeJS.ProcessEnv }, signal: AbortSignal): Promise<void> {
  const path = logPath(home)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const log = await open(path, 'a', 0o600)
  try {
    // Whatever the command itself runs in: what it starts is no unit of a Blueprint.
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...leanHeap, entry], {
      detached: true, cwd: '/', env: { ...leanMemory, ...environment, PLIMSOLL_HOME: home, RENDER: undefined }, stdio: ['ignore', log.fd, log.fd, 'ipc'],
    })
    const message = await firstMessage(child, signal)
    if (message === undefined) throw new PlimsollError('API_UNREACHABLE', 'Plimsoll ended while it was starting', { hint: `Its log says why: ${path}` })
    if ('problem' in message) {
      await ended(child)
      throw fromProblem(message.problem)
    }
    child.unref()
  } finally {
    await log.close()
  }
}

/** What could not start takes back what it began, and is waited for: a command that failed leaves nothing running. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

function firstMessage(child: ChildProcess, signal: AbortSignal): Promise<z.infer<typeof messageSchema> | undefined> {
  return new Promise((resolve, reject) => {
    // Stopping to wait does not stop it: the API finishes its start, and the next command finds it.
    const giveUp = (): void => { child.disconnect(); child.unref(); reject(signal.reason) }
    signal.addEventListener('abort', giveUp, { once: true })
    const settle = (message: z.infer<typeof messageSchema> | undefined): void => { signal.removeEventListener('abort', giveUp); resolve(message) }
    child.once('message', (message) => settle(messageSchema.parse(message)))
    child.once('exit', () => settle(undefined))
    child.once('error', reject)
  })
}
