import { fork } from 'node:child_process'
import { once } from 'node:events'
import { PlimsollError } from '@plimsoll/model'
import type { SharedSockets } from './shared-sockets.ts'
import { type Channel, type Talk, talkOver, type Verbs } from './talk.ts'

/** Which program the heir runs. */
export interface HeirProgram {
  readonly node: string
  readonly nodeOptions: readonly string[]
  readonly entry: string
  readonly options: readonly string[]
}

/** A second edge process that serves nothing, holds all sockets, and serves when the first one is gone or asks it to. */
export interface Heir {
  readonly pid: number
  readonly talk: Talk
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
  kill(): void
}

export interface HeirOrder {
  readonly program: HeirProgram
  readonly sockets: SharedSockets
  /** What it may ask of this process. */
  readonly verbs?: Verbs
}

/** What a heir and the process before it say to each other; grows when either would misunderstand the other. */
export const lifeProtocol = 1

const bootMs = 30_000

/** Starts a heir and returns when it holds every socket. Throws `EDGE_DOWN` when it does not come up; then nothing of it is left. */
export async function startHeir({ program, sockets, verbs = {} }: HeirOrder, signal: AbortSignal): Promise<Heir> {
  const { node, nodeOptions, entry, options } = program
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  // In a session of its own: what ends the first one by its group must not end both.
  const child = fork(entry, ['--heir', ...options], { execPath: node, execArgv: [...nodeOptions], cwd: '/', detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = Promise.race([once(child, 'exit'), once(child, 'error').then(reject)]).then(() => undefined, reject)
  const talk = talkOver(child as unknown as Channel, {
    ...verbs,
    ready: (spoken) => (spoken === lifeProtocol ? resolve() : reject(notUp(`It speaks version ${String(spoken)} of the protocol between edges, not ${lifeProtocol}.`))),
  })
  const kill = (): void => void child.kill('SIGKILL')
  const giveUp = (): void => reject(notUp('It was not waited for any longer.'))
  const late = setTimeout(giveUp, bootMs)
  signal.addEventListener('abort', giveUp)
  void ended.then(() => reject(notUp('It ended before it was ready.')))
  try {
    signal.throwIfAborted()
    await ready
    await sockets.shareWith({ talk, kill })
    return { pid: child.pid ?? 0, talk, ended, kill }
  } catch (error) {
    kill()
    await ended
    throw error
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', giveUp)
  }
}

function notUp(what: string): PlimsollError {
  return new PlimsollError('EDGE_DOWN', `The process that takes over from the edge did not start. ${what}`)
}
