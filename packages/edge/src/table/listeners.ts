import { once } from 'node:events'
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { PlimsollError } from '@plimsoll/model'
import type { BareSocket, SharedSockets } from '../life/shared-sockets.ts'
import { portOwner } from './port-owner.ts'

/** Where an edge listens that is not told otherwise. Browsers take `localhost` for either family, so every port listens on both. */
export const loopbacks = ['127.0.0.1', '::1'] as const

/** Who keeps the ports of the edge open. */
export interface Ports {
  has(port: number): boolean
  ports(): number[]
  /** Opens `port` on both loopback addresses, or on neither. Opening an open port does nothing. Throws `PORT_TAKEN`. */
  open(port: number): Promise<void>
  /** Opens all of `ports` or none of them; returns those that were not open before. */
  openAll(ports: Iterable<number>): Promise<number[]>
  /** Takes no new connection; idle ones are closed, busy ones end with their answer. */
  close(port: number): void
  /** Resolves when the ports that were closed are free, also in the process that takes over. */
  settled(): Promise<void>
  /** Takes no new connection, because another process takes them, and resolves when there is none left. */
  leave(): Promise<void>
  /** Closes the connections that nothing is under way on. */
  closeIdle(): void
  /** Closes every port and cuts what is still busy, for the end of the process. */
  destroy(): Promise<void> | void
}

/** The ports that this process listens on itself. */
export class Listeners implements Ports {
  readonly #create: (port: number) => Server
  readonly #sockets: SharedSockets
  readonly #hosts: readonly string[]
  /** Port → the servers on it, by the name of their sockets. */
  readonly #open = new Map<number, ReadonlyMap<string, Server>>()
  /** Closed for new connections, with answers still under way. */
  readonly #closing = new Set<Server>()
  #leaving = false

  /** `sockets` are taken first where they were inherited, and shared from then on. Every port is opened on all of `hosts`. */
  constructor(create: (port: number) => Server, sockets: SharedSockets, hosts: readonly string[] = loopbacks) {
    this.#create = create
    this.#sockets = sockets
    this.#hosts = hosts
  }

  has(port: number): boolean {
    return this.#open.has(port)
  }

  ports(): number[] {
    return [...this.#open.keys()]
  }

  async open(port: number): Promise<void> {
    if (this.#open.has(port)) return
    await this.#sockets.settled()
    const servers = new Map<string, Server>()
    try {
      for (const host of this.#hosts) {
        const name = socketName(host, port)
        const server = this.#createLeavable(port)
        if (await listens(server, this.#sockets.take(name) ?? { port, host, exclusive: true, ipv6Only: true })) servers.set(name, server)
      }
    } catch (error) {
      for (const server of servers.values()) server.close()
      throw isTaken(error) ? await portTaken(port, error) : error
    }
    this.#open.set(port, servers)
    for (const [name, server] of servers) this.#sockets.add(name, server)
  }

  async settled(): Promise<void> {
    await this.#sockets.settled()
  }

  async openAll(ports: Iterable<number>): Promise<number[]> {
    const opened: number[] = []
    try {
      for (const port of newFirst(ports, this.#sockets, this.#hosts)) {
        if (this.#open.has(port)) continue
        await this.open(port)
        opened.push(port)
      }
    } catch (error) {
      for (const port of opened) this.close(port)
      throw error
    }
    return opened
  }

  close(port: number): void {
    for (const [name, server] of this.#open.get(port) ?? []) {
      this.#closing.add(server)
      server.close(() => this.#closing.delete(server))
      this.#sockets.remove(name)
    }
    this.#open.delete(port)
  }

  /**
   * Takes no new connection, because another process takes them, and resolves when there is none left. No connection is closed for
   * that: each ends with its next answer, which says so, or when it was idle for as long as it might be.
   */
  async leave(): Promise<void> {
    this.#leaving = true
    const servers = [...this.#open.values()].flatMap((each) => [...each.values()])
    this.#open.clear()
    await Promise.all(servers.map(async (server) => this.#leaveAlone(server)))
  }

  async #leaveAlone(server: Server): Promise<void> {
    this.#closing.add(server)
    const empty = once(server, 'close')
    // `close` of an HTTP server closes idle connections too, and a client may just be writing on one.
    NetServer.prototype.close.call(server)
    await empty
    this.#closing.delete(server)
  }

  closeIdle(): void {
    for (const server of this.#closing) server.closeIdleConnections()
  }

  #createLeavable(port: number): Server {
    const server = this.#create(port)
    return server.prependListener('request', (_request, response) => {
      if (this.#leaving) response.shouldKeepAlive = false
    })
  }

  destroy(): void {
    for (const port of this.ports()) this.close(port)
    for (const server of this.#closing) server.closeAllConnections()
  }
}

/** What a socket is called that one process has from another. */
export function socketName(host: string, port: number): string {
  return `${host} ${port}`
}

/** Inherited sockets are there, and are lost when they are closed because another port is taken: those that can fail come first. */
export function newFirst(ports: Iterable<number>, sockets: SharedSockets, hosts: readonly string[]): number[] {
  const isInherited = (port: number): boolean => hosts.some((host) => sockets.has(socketName(host, port)))
  return [...ports].toSorted((one, other) => Number(isInherited(one)) - Number(isInherited(other)))
}

/** False when the machine does not have this address family. */
export async function listens(server: NetServer, at: BareSocket | { port: number; host: string; exclusive: boolean; ipv6Only: boolean }): Promise<boolean> {
  try {
    server.listen(at)
    await once(server, 'listening')
    return true
  } catch (error) {
    if ('host' in at && at.host.includes(':') && hasCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) return false
    throw error
  }
}

/** The error that names who has the port. */
export async function portTaken(port: number, cause: unknown): Promise<PlimsollError> {
  const owner = await portOwner(port)
  const by = owner === undefined ? 'by another program' : `by ${owner.command} (pid ${owner.pid})`
  const hint = owner === undefined ? `See who has it: ss -ltnp sport = :${port}` : `Stop it, then try again: kill ${owner.pid}`
  return new PlimsollError('PORT_TAKEN', `Port ${port} is taken ${by}; the edge cannot listen on it. Nothing was changed.`, {
    hint,
    details: { port, ...(owner !== undefined && { pid: owner.pid, command: owner.command }) },
    cause,
  })
}

export function isTaken(error: unknown): boolean {
  return hasCode(error, 'EADDRINUSE', 'EACCES')
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
