import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { realpath } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { userInfo } from 'node:os'
import type { BareSocket } from './life/shared-sockets.ts'

/** Held by the one edge of a home; given back by the kernel with the process, however it ends. */
export interface HomeLock {
  /** The socket that is the lock: the home is free when the last process has let go of it. */
  readonly socket: Server | BareSocket
  release(): Promise<void>
}

/**
 * Takes the lock of an existing directory; undefined when another process has it.
 * A socket in Linux's abstract namespace: unlike a socket file or a pid file it cannot be stale.
 */
export async function lockHome(directory: string): Promise<HomeLock | undefined> {
  const name = createHash('sha256').update(await realpath(directory)).digest('hex').slice(0, 32)
  const server = createServer()
  try {
    server.listen({ path: `\0plimsoll-edge-${userInfo().uid}-${name}`, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined
    throw error
  }
  return { socket: server, release: async () => closed(server) }
}

/** The lock that was got from the process before. */
export function inheritedLock(socket: BareSocket): HomeLock {
  return { socket, release: async () => socket.close() }
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
