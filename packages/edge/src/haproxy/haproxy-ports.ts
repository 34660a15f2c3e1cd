import { once } from 'node:events'
import { chmod, rename, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer, Server as NetServer } from 'node:net'
import { isTaken, listens, loopbacks, type Ports, portTaken } from '../table/listeners.ts'
import type { HaproxyKeeper } from './haproxy-keeper.ts'

export interface HaproxyPortsParts {
  readonly keeper: HaproxyKeeper
  /** Answers what HAProxy leaves to the edge; not listening yet. */
  readonly server: Server
  /** The path of the socket by which HAProxy asks the edge. */
  readonly socket: string
}

/** Ports that HAProxy listens on. Changing which they are is the one thing for which a HAProxy takes over from another. */
export class HaproxyPorts implements Ports {
  readonly #parts: HaproxyPortsParts
  readonly #open = new Set<number>()
  #settled: Promise<void> = Promise.resolve()

  private constructor(parts: HaproxyPortsParts) {
    this.#parts = parts
  }

  /** The edge can be asked from now on, in the place of the process that was asked before; no port is open. */
  static async begin(parts: HaproxyPortsParts): Promise<HaproxyPorts> {
    const { server, socket } = parts
    const own = `${socket}.${process.pid}`
    await rm(own, { force: true })
    server.listen(own)
    await once(server, 'listening')
    await chmod(own, 0o600)
    await rename(own, socket)
    return new HaproxyPorts(parts)
  }

  has(port: number): boolean {
    return this.#open.has(port)
  }

  ports(): number[] {
    return [...this.#open]
  }

  async open(port: number): Promise<void> {
    await this.openAll([port])
  }

  async openAll(ports: Iterable<number>): Promise<number[]> {
    const wanted = [...new Set(ports)].filter((port) => !this.#open.has(port))
    if (wanted.length === 0) return []
    await this.#settled
    const ours = await this.#parts.keeper.openPorts()
    for (const port of wanted) if (!ours.has(port)) await assertFree(port)
    await this.#parts.keeper.serve(new Set([...this.#open, ...wanted]))
    for (const port of wanted) this.#open.add(port)
    return wanted
  }

  close(port: number): void {
    this.#open.delete(port)
    // Whatever else is closed in the same turn is closed by the same change.
    this.#settled = this.#settled.then(async () => this.#parts.keeper.serve(new Set(this.#open)))
    this.#settled.catch(() => undefined)
  }

  async settled(): Promise<void> {
    await this.#settled
  }

  async leave(): Promise<void> {
    this.#parts.keeper.leave()
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
    server.close()
    server.closeAllConnections()
  }
}

/** Throws `PORT_TAKEN` when somebody listens on `port`, by listening there for a moment. */
async function assertFree(port: number): Promise<void> {
  for (const host of loopbacks) {
    const server = createServer()
    try {
      if (!(await listens(server, { port, host, exclusive: true }))) continue
    } catch (error) {
      throw isTaken(error) ? await portTaken(port, error) : error
    }
    server.close()
    await once(server, 'close')
  }
}
