import { once } from 'node:events'
import type { Server } from 'node:http'
import { PlimsollError } from '@plimsoll/model'
import { portOwner } from './port-owner.ts'

/** Browsers take `localhost` for either family, so every port listens on both. */
const loopbacks = ['127.0.0.1', '::1'] as const

/** The open ports of the edge. */
export class Listeners {
  readonly #create: (port: number) => Server
  readonly #open = new Map<number, readonly Server[]>()
  /** Closed for new connections, with answers still under way. */
  readonly #closing = new Set<Server>()

  constructor(create: (port: number) => Server) {
    this.#create = create
  }

  has(port: number): boolean {
    return this.#open.has(port)
  }

  ports(): number[] {
    return [...this.#open.keys()]
  }

  /** Opens `port` on both loopback addresses, or on neither. Opening an open port does nothing. Throws `PORT_TAKEN`. */
  async open(port: number): Promise<void> {
    if (this.#open.has(port)) return
    const servers: Server[] = []
    try {
      for (const host of loopbacks) {
        const server = this.#create(port)
        if (await listens(server, { port, host })) servers.push(server)
      }
    } catch (error) {
      for (const server of servers) server.close()
      throw isTaken(error) ? await portTaken(port, error) : error
    }
    this.#open.set(port, servers)
  }

  /** Opens all of `ports` or none of them; returns those that were not open before. */
  async openAll(ports: Iterable<number>): Promise<number[]> {
    const opened: number[] = []
    try {
      for (const port of ports) {
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

  /** Takes no new connection; idle ones are closed, busy ones end with their answer. */
  close(port: number): void {
    for (const server of this.#open.get(port) ?? []) {
      this.#closing.add(server)
      server.close(() => this.#closing.delete(server))
    }
    this.#open.delete(port)
  }

  /** Closes every port and cuts what is still busy, for the end of the process. */
  destroy(): void {
    for (const port of this.ports()) this.close(port)
    for (const server of this.#closing) server.closeAllConnections()
  }
}

/** False when the machine does not have this address family. */
async function listens(server: Server, at: { port: number; host: string }): Promise<boolean> {
  try {
    server.listen({ ...at, exclusive: true })
    await once(server, 'listening')
    return true
  } catch (error) {
    if (at.host === '::1' && hasCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) return false
    throw error
  }
}

async function portTaken(port: number, cause: unknown): Promise<PlimsollError> {
  const owner = await portOwner(port)
  const by = owner === undefined ? 'by another program' : `by ${owner.command} (pid ${owner.pid})`
  const hint = owner === undefined ? `See who has it: ss -ltnp sport = :${port}` : `Stop it, then try again: kill ${owner.pid}`
  return new PlimsollError('PORT_TAKEN', `Port ${port} is taken ${by}; the edge cannot listen on it. Nothing was changed.`, {
    hint,
    details: { port, ...(owner !== undefined && { pid: owner.pid, command: owner.command }) },
    cause,
  })
}

function isTaken(error: unknown): boolean {
  return hasCode(error, 'EADDRINUSE', 'EACCES')
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
