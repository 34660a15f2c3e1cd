import type { Address, AppName } from '@plimsoll/model'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { SwarmDriver } from './swarm-driver.ts'

/** Ports of this machine's loopback that lead into networks of apps, for programs that only know how to connect. */
export interface Tunnels {
  /** Where this machine reaches an address of the app's network. A connection that is not taken there is taken here, and reset. Twice gives the same, until it is closed. */
  to(app: AppName, address: Address): Promise<Address>
  /** What is at the other end of a tunnel; undefined for an address that is none. */
  behind(address: Address): Behind | undefined
  /** Closes those of an app, or all, with what they carry. Twice is once. */
  close(app?: AppName): Promise<void>
}

export interface Behind {
  readonly app: AppName
  readonly address: Address
}

interface Tunnel {
  readonly address: Address
  readonly close: () => Promise<void>
}

export function createTunnels({ dial }: Pick<SwarmDriver, 'dial'>): Tunnels {
  const opened = new Map<AppName, Map<string, Promise<Tunnel>>>()
  /** By the port of this machine. */
  const ends = new Map<number, Behind>()
  const open = async (app: AppName, address: Address): Promise<Tunnel> => {
    const tunnel = await openTunnel((signal) => dial(app, address, signal))
    const { port } = tunnel.address
    ends.set(port, { app, address })
    return {
      ...tunnel,
      async close() {
        ends.delete(port)
        await tunnel.close()
      },
    }
  }
  return {
    behind: ({ host: at, port }) => (at === host ? ends.get(port) : undefined),
    async to(app, address) {
      const own = opened.get(app) ?? new Map<string, Promise<Tunnel>>()
      opened.set(app, own)
      const key = `${address.host}:${address.port}`
      const tunnel = own.get(key) ?? open(app, address)
      own.set(key, tunnel)
      return (await tunnel).address
    },
    async close(app) {
      const closing = [...opened].filter(([each]) => app === undefined || each === app)
      for (const [each] of closing) opened.delete(each)
      await Promise.all(closing.flatMap(([, own]) => [...own.values()].map(async (tunnel) => (await tunnel).close())))
    },
  }
}

const host = '127.0.0.1'
/** Longer than whoever asks is patient. */
const dialMs = 15_000

type Dialling = (signal: AbortSignal) => ReturnType<SwarmDriver['dial']>

async function openTunnel(dial: Dialling): Promise<Tunnel> {
  const carried = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
    carried.add(socket)
    socket.on('error', () => undefined).once('close', () => carried.delete(socket))
    void carry(socket, dial)
  })
  await once(server.listen(0, host), 'listening')
  return {
    address: { host, port: (server.address() as AddressInfo).port },
    async close() {
      for (const socket of carried) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** What breaks on one side breaks on the other. */
async function carry(socket: Socket, dial: Dialling): Promise<void> {
  const left = new AbortController()
  socket.once('close', () => left.abort())
  try {
    const connection = await dial(AbortSignal.any([left.signal, AbortSignal.timeout(dialMs)]))
    let isWhole = true
    connection.on('error', () => (isWhole = false)).once('aborted', () => (isWhole = false))
    connection.once('close', () => (isWhole && connection.readableEnded && connection.writableFinished ? socket.end() : socket.resetAndDestroy()))
    socket.once('close', (hadError) => connection.destroy(hadError ? new Error('it was reset') : undefined))
    socket.pipe(connection).pipe(socket)
  } catch {
    // As it would be seen by whoever connects to a port behind a proxy: why it is not taken is known there.
    socket.resetAndDestroy()
  }
}
