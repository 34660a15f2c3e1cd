import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlimsollError } from '@plimsoll/model'
import { listenerOf } from './listener-of.ts'

/** An API that does nothing for so long, not even hang up, stands still: it was stopped, or will never get to it. */
const usualPatienceMs = 10_000
const lookMs = 50

/** That this process is the one API of a home. Given back with the process, however that ends. */
export interface Claim {
  release(): Promise<void>
}

/**
 * Makes this process the only API of `home` until it gives that up; undefined when another one is, and is alive. One that
 * stands still is ended first: whatever it held in its hands when it stopped, it must not go on with it later, beside us.
 * Throws `API_UNREACHABLE` when it cannot be ended.
 *
 * A socket in Linux's abstract namespace has no file: it is gone with its process, however that ends.
 */
export async function claimHome(home: string, { patienceMs = usualPatienceMs }: { readonly patienceMs?: number } = {}): Promise<Claim | undefined> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  // One home is one home, by whichever path it is reached.
  const hash = createHash('sha256').update(await realpath(home)).digest('hex').slice(0, 32)
  const name = `plimsoll-api-${hash}`
  for (let goingMs = 0; goingMs < patienceMs; goingMs += lookMs) {
    const claim = await listen(name)
    if (claim !== undefined) return claim
    const holder = await howIs(name, patienceMs)
    if (holder === 'alive') return undefined
    if (holder === 'stands still') await end(name, { home, patienceMs })
    await sleep(lookMs)
  }
  return undefined
}

function listen(name: string): Promise<Claim | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => void socket.on('error', () => undefined).end('here'))
    server.unref()
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(`\0${name}`, () => resolve({ release: async () => void (await new Promise((closed) => server.close(closed))) }))
  })
}

/** Whoever is alive says so; a connection that breaks off without a word was that of one that died meanwhile. */
function howIs(name: string, patienceMs: number): Promise<'alive' | 'gone' | 'stands still'> {
  return new Promise((resolve) => {
    const socket = connect(`\0${name}`)
    let heard = false
    const timer = setTimeout(() => {
      resolve('stands still')
      socket.destroy()
    }, patienceMs)
    socket.once('data', () => (heard = true))
    socket.once('error', () => undefined) // Always followed by `close`.
    socket.once('close', () => {
      clearTimeout(timer)
      resolve(heard ? 'alive' : 'gone')
    })
  })
}

async function end(name: string, { home, patienceMs }: { readonly home: string; readonly patienceMs: number }): Promise<void> {
  const pid = listenerOf(name)
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookMs) {
    if (listenerOf(name) !== pid) return
    await sleep(lookMs)
  }
  throw new PlimsollError('API_UNREACHABLE', `Process ${pid} is the Plimsoll of ${home}, does not answer, and does not end when it is killed`, {
    hint: `See what it waits for: cat /proc/${pid}/wchan`,
  })
}
