import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { PlimsollError } from '@plimsoll/model'
import { codeOf } from './code-of.ts'

const patienceMs = 180_000

/**
 * Lets one process at a time start or stop the server of `home`. The lock is a name in Linux's
 * abstract socket namespace, which the kernel frees with its holder: there is no stale lock, and
 * whoever waits is told by the end of a connection. Throws `DATABASE_DOWN` after three minutes.
 */
export async function withStartLock<T>(home: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const name = `\0plimsoll-postgres-${createHash('sha256').update(home).digest('hex').slice(0, 32)}`
  const patience = AbortSignal.timeout(patienceMs)
  const lock = await take(name, AbortSignal.any([signal, patience])).catch((error: unknown) => {
    throw patience.aborted && !signal.aborted ? busy(home, error) : error
  })
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

interface Lock {
  release(): Promise<void>
}

async function take(name: string, signal: AbortSignal): Promise<Lock> {
  for (;;) {
    signal.throwIfAborted()
    const lock = await tryTake(name)
    if (lock !== undefined) return lock
    await holderToEnd(name, signal)
  }
}

async function tryTake(name: string): Promise<Lock | undefined> {
  const waiting = new Set<Socket>()
  const server: Server = createServer((socket) => {
    waiting.add(socket)
    socket.on('error', () => socket.destroy()) // It gave up waiting.
    socket.once('close', () => waiting.delete(socket))
  })
  try {
    server.listen(name)
    await once(server, 'listening')
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined
    throw error
  }
  return {
    async release() {
      const closed = once(server, 'close')
      server.close()
      waiting.forEach((socket) => socket.destroy())
      await closed
    },
  }
}

/** Resolves when the holder lets go or dies. */
async function holderToEnd(name: string, signal: AbortSignal): Promise<void> {
  const socket = connect(name)
  const abort = (): void => void socket.destroy()
  signal.addEventListener('abort', abort, { once: true })
  // Refused means that it let go just now.
  socket.on('error', () => socket.destroy())
  socket.resume()
  await once(socket, 'close')
  signal.removeEventListener('abort', abort)
}

function busy(home: string, cause: unknown): PlimsollError {
  return new PlimsollError('DATABASE_DOWN', `Another process has been starting or stopping the embedded database of ${home} for three minutes`, {
    hint: `See what it does: the newest log under ${home}`,
    cause,
  })
}
