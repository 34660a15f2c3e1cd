import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Address } from '@plimsoll/model'
import type { Wire } from './rehearsal.ts'

export interface LaidWire extends Wire {
  /** Where whoever uses it connects to. */
  readonly address: Address
  close(): Promise<void>
}

/** Lays a wire to `target` over the loopback of this machine. What is cut refuses as a server does whose port is closed: at once. */
export async function layWire({ target, ...ends }: Pick<Wire, 'from' | 'to' | 'key'> & { readonly target: Address }): Promise<LaidWire> {
  const sockets = new Map<Socket, Socket>()
  let carried = 0
  let isCut = false
  let isHeld = false
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (isCut) return near.resetAndDestroy()
    carried += 1
    const far = connect({ host: target.host, port: target.port, allowHalfOpen: true })
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.set(socket, other)
      // Its end is told to the other side, whatever ended it.
      socket.on('error', () => other.destroy()).on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.setNoDelay(true)
      if (!isHeld) socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const breakOff = (): void => {
    for (const socket of sockets.keys()) socket.resetAndDestroy()
  }
  return {
    ...ends,
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    carried: () => carried,
    cut: () => {
      isCut = true
      breakOff()
    },
    hold: () => {
      isHeld = true
      for (const socket of sockets.keys()) socket.unpipe()
    },
    mend: () => {
      isCut = false
      if (isHeld) for (const [socket, other] of sockets) socket.pipe(other)
      isHeld = false
    },
    async close() {
      breakOff()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
