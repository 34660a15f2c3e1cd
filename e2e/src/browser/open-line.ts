import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server of this machine that can be cut, as a network is. */
export interface Line {
  readonly url: string
  /** Breaks every connection, and lets none through until {@link Line.mend}. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** Leads on to what listens at the port of `url`. */
export async function openLine(url: string): Promise<Line> {
  const port = Number(new URL(url).port)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one)
      one.pipe(other)
      one.once('close', () => { sockets.delete(one); other.destroy() }).on('error', () => other.destroy())
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const breakAll = (): void => { for (const socket of sockets) socket.destroy() }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() { isCut = true; breakAll() },
    mend() { isCut = false },
    async close() {
      const closed = once(server, 'close')
      server.close()
      breakAll()
      await closed
    },
  }
}
