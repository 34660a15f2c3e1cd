import { once } from 'node:events'
import { chmod, rename, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { SharedSockets } from '../life/shared-sockets.ts'
import { newFirst, type Ports } from '../table/listeners.ts'
import { bindSockets, type BoundSockets } from './bind-sockets.ts'
import type { HaproxyKeeper } from './haproxy-keeper.ts'

export interface HaproxyPortsParts {
  readonly keeper: HaproxyKeeper
  /** Answers what HAProxy leaves to the edge; not listening yet. */
  readonly server: Server
  /** What was inherited is taken first, and all is shared: the heir of this process has whatever HAProxy accepts on or asks. */
  readonly sockets: SharedSockets
  /** Of the socket by which HAProxy asks the edge. */
  readonly path: string
  /** The addresses that every port is opened on. */
  readonly hosts: readonly string[]
}

/** The socket by which HAProxy asks, as the heir knows it. */
const askedName = 'asked by HAProxy'

/**
 * Ports that HAProxy accepts on. The sockets are this process's, so that connections wait in them while there is no HAProxy. Changing which
 * they are is the one thing for which a HAProxy takes the place of another.
 */
export class HaproxyPorts implements Ports {
  readonly #parts: HaproxyPortsParts
  readonly #open = new Map<number, BoundSockets>()
  #settled: Promise<void> = Promise.resolve()

  private constructor(parts: HaproxyPortsParts) {
    this.#parts = parts
  }

  /** The edge can be asked from now on, also by a HAProxy that the process before has started; no port is open. */
  static async begin(parts: HaproxyPortsParts): Promise<HaproxyPorts> {
    const { server, sockets, path } = parts
    const inherited = sockets.take(askedName)
    if (inherited === undefined) await listenAt(server, path)
    else await once(server.listen(inherited), 'listening')
    sockets.add(askedName, server)
    return new HaproxyPorts(parts)
  }

  has(port: number): boolean {
    return this.#open.has(port)
  }

  ports(): number[] {
    return [...this.#open.keys()]
  }

  async open(port: number): Promise<void> {
    await this.openAll([port])
  }

  async openAll(ports: Iterable<number>): Promise<number[]> {
    const wanted = [...new Set(ports)].filter((port) => !this.#open.has(port))
    if (wanted.length === 0) return []
    await this.settled()
    const { keeper, sockets, hosts } = this.#parts
    const ours = await keeper.openPorts()
    const opened = new Map<number, BoundSockets>()
    try {
      for (const port of newFirst(wanted, sockets, hosts)) opened.set(port, await bindSockets(port, { sockets, beside: ours.has(port), hosts }))
      await keeper.serve(new Map([...this.#open, ...opened]))
    } catch (error) {
      for (const bound of opened.values()) closeAll(bound)
      throw error
    }
    for (const [port, bound] of opened) {
      this.#open.set(port, bound)
      for (const [name, socket] of bound) sockets.add(name, socket)
    }
    return wanted
  }

  close(port: number): void {
    const closing = this.#open.get(port)
    if (closing === undefined) return
    this.#open.delete(port)
    // Whatever else is closed in the same turn is closed by the same change.
    this.#settled = this.#settled.then(async () => this.#parts.keeper.serve(new Map(this.#open)).finally(() => this.#letGo(closing)))
    this.#settled.catch(() => undefined)
  }

  async settled(): Promise<void> {
    await this.#settled
    await this.#parts.sockets.settled()
  }

  async leave(): Promise<void> {
    this.#parts.keeper.leave()
    // The process that takes over has them.
    for (const bound of this.#open.values()) closeAll(bound)
    this.#open.clear()
    const { server } = this.#parts
    const empty = once(server, 'close')
    // Every connection of HAProxy carries one request, and ends with its answer.
    NetServer.prototype.close.call(server)
    await empty
  }

  closeIdle(): void {
    this.#parts.server.closeIdleConnections()
  }

  async destroy(): Promise<void> {
    const { server, keeper } = this.#parts
    await keeper.end()
    for (const each of this.#open.values()) this.#letGo(each)
    server.close()
    server.closeAllConnections()
  }

  #letGo(bound: BoundSockets): void {
    closeAll(bound)
    for (const name of bound.keys()) this.#parts.sockets.remove(name)
  }
}

function closeAll(bound: BoundSockets): void {
  for (const socket of bound.values()) socket.close()
}

/** In the place of whatever socket lies there. */
async function listenAt(server: Server, path: string): Promise<void> {
  const own = `${path}.${process.pid}`
  await rm(own, { force: true })
  server.listen(own)
  await once(server, 'listening')
  await chmod(own, 0o600)
  await rename(own, path)
}
