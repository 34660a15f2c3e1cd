import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { CopyDatabase } from '../src/rehearsal/rehearsal.ts'

export interface FakeDatabase extends CopyDatabase {
  close(): Promise<void>
}

/** What a service takes for its database: answers `ok` to each line, and can be away as a real one can. */
export async function openFakeDatabase(name: string): Promise<FakeDatabase> {
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let port = 0
  const listen = async (): Promise<void> => {
    if (server !== undefined) return
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket)).on('data', (lines) => socket.write(String(lines).replaceAll(/[^\n]*\n/g, 'ok\n')))
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const sever = async (): Promise<void> => {
    const closing = server
    server = undefined
    for (const socket of sockets) socket.resetAndDestroy()
    if (closing !== undefined) await new Promise((resolve) => closing.close(resolve))
  }
  await listen()
  const address = { host: '127.0.0.1', port, database: name, user: 'shop', password: 'secret' }
  return { name, address, here: address, connectionString: `postgresql://shop:secret@127.0.0.1:${port}/${name}`, sever, restore: listen, close: sever }
}
