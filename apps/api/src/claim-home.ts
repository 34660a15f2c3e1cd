import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Makes this process the only API of `home` for as long as it lives; false when another one is.
 * A socket in Linux's abstract namespace has no file: it is gone with its process, however that ends.
 */
export function claimHome(home: string): Promise<boolean> {
  const name = `\0plimsoll-api-${createHash('sha256').update(home).digest('hex').slice(0, 32)}`
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)))
    server.listen(name, () => resolve(true))
  })
}
