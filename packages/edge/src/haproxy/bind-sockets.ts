import { once } from 'node:events'
import { createServer } from 'node:net'
import { getSystemErrorName } from 'node:util'
import { bareSocketOf, type BareSocket, type SharedSockets } from '../life/shared-sockets.ts'
import { isTaken, listens, portTaken, socketName } from '../table/listeners.ts'

/** A socket that has its port and is listened on by whatever process it is given to; connections wait in it while there is none. */
export interface BoundSocket extends BareSocket {
  readonly fd: number
}

/** Those of one port, by the names that the heir knows them by. */
export type BoundSockets = ReadonlyMap<string, BoundSocket>

/** Node's own class of TCP sockets, below `net.Server`, which would accept connections itself. */
type TcpClass = new (type: number) => BoundSocket & {
  bind(host: string, port: number, flags: number): number
  bind6(host: string, port: number, flags: number): number
  getsockname(name: object): number
}

/** As Node and libuv have them. */
const [serverType, ipv6Only, reusePort] = [1, 1, 2]

/**
 * The sockets of `port` on all of `hosts`, by name: those that were inherited, else new ones. Throws `PORT_TAKEN`, and then has
 * bound nothing. With `beside`, a HAProxy of ours that nobody has the sockets of listens there, and both accept until it is told to leave.
 */
export async function bindSockets(port: number, { sockets, beside, hosts }: { readonly sockets: SharedSockets; readonly beside: boolean; readonly hosts: readonly string[] }): Promise<BoundSockets> {
  const bound = new Map<string, BoundSocket>()
  try {
    for (const host of hosts) {
      const name = socketName(host, port)
      const socket = inherited(sockets, name) ?? (await bind(port, host, beside))
      if (socket !== undefined) bound.set(name, socket)
    }
    return bound
  } catch (error) {
    for (const socket of bound.values()) socket.close()
    throw isTaken(error) ? await portTaken(port, error) : error
  }
}

function inherited(sockets: SharedSockets, name: string): BoundSocket | undefined {
  const socket = sockets.take(name)
  return socket !== undefined && isBound(socket) ? socket : undefined
}

function isBound(socket: BareSocket): socket is BoundSocket {
  return 'fd' in socket && typeof socket.fd === 'number'
}

/** Undefined when the machine does not have this address family. */
async function bind(port: number, host: string, beside: boolean): Promise<BoundSocket | undefined> {
  // Somebody who listens there with the same option as we would not be in the way of binding, only of listening.
  const probe = createServer()
  if (!(await listens(probe, { port: beside ? 0 : port, host, exclusive: true, ipv6Only: true }))) return undefined
  const Tcp = bareSocketOf(probe).constructor as TcpClass
  probe.close()
  await once(probe, 'close')
  const socket = new Tcp(serverType)
  const failure = host.includes(':') ? socket.bind6(host, port, reusePort + ipv6Only) : socket.bind(host, port, reusePort)
  // A port that is taken is told of when the socket is next asked for something.
  const code = failure === 0 ? socket.getsockname({}) : failure
  if (code === 0) return socket
  socket.close()
  throw Object.assign(new Error(`bind ${host}:${port}`), { code: getSystemErrorName(code) })
}
