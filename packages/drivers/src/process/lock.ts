import type { Clock } from '@plimsoll/engine'
import { createServer, type Server } from 'node:net'
import { hasCode } from './durable-file.ts'

const retryMs = 20

/**
 * Runs `work` while nobody else on this machine runs work under the same name. The lock is a name in
 * Linux's abstract socket namespace: the kernel gives it back the moment its holder dies, so that no
 * lock is ever stale and none needs to be broken.
 */
export async function withLock<T>(lock: { readonly name: string; readonly clock: Clock }, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const server = await acquire(lock, signal)
  try {
    return await work()
  } finally {
    await close(server)
  }
}

async function acquire({ name, clock }: { readonly name: string; readonly clock: Clock }, signal: AbortSignal): Promise<Server> {
  for (;;) {
    signal.throwIfAborted()
    const server = await listen(`\0plimsoll-lock/${name}`)
    if (server !== undefined) return server
    await clock.sleep(retryMs, signal)
  }
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => (hasCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)))
    server.listen({ path, exclusive: true }, () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
