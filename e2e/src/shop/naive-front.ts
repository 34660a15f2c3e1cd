import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A proxy that does one thing right, which is to forward, and leaves every mistake about switching to whoever drives it. */
export interface NaiveFront {
  readonly port: number
  /** Requests in flight to this upstream port. */
  inFlight(upstream: number): number
  /** Fulfils when nothing is in flight to this upstream port. */
  drained(upstream: number): Promise<void>
  close(): Promise<void>
}

export interface NaiveOptions {
  /** Asked once for every request. */
  readonly pick: () => number
  /** Sends writes a second time after they were answered, as a front does that retries what it must not. */
  readonly repeatsWrites?: boolean
}

/** Listens on a free port of 127.0.0.1. Every upstream connection is a new one, so that only the driver's mistakes show. */
export async function startNaiveFront({ pick, repeatsWrites }: NaiveOptions): Promise<NaiveFront> {
  const flights = createFlights()
  const agent = new Agent({ keepAlive: false })
  const server = createServer((incoming, outgoing) => {
    const port = pick()
    flights.add(port, outgoing)
    if (repeatsWrites === true && incoming.url === '/v1/reviews') repeat(incoming, { port, agent })
    forward(incoming, outgoing, { port, agent })
  })
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const port = pick()
    flights.add(port, socket)
    tunnel(incoming, socket, { port, head })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, inFlight: flights.count, drained: flights.none, close: () => closeServer(server) }
}

function createFlights() {
  const counts = new Map<number, number>()
  const waiting = new Map<number, (() => void)[]>()
  const count = (port: number): number => counts.get(port) ?? 0
  return {
    count,
    add(port: number, until: ServerResponse | Socket): void {
      counts.set(port, count(port) + 1)
      until.once('close', () => {
        counts.set(port, count(port) - 1)
        if (count(port) > 0) return
        for (const wake of waiting.get(port) ?? []) wake()
        waiting.delete(port)
      })
    },
    none(port: number): Promise<void> {
      if (count(port) === 0) return Promise.resolve()
      return new Promise((resolve) => waiting.set(port, [...(waiting.get(port) ?? []), resolve]))
    },
  }
}

interface Upstream {
  readonly port: number
  readonly agent: Agent
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, { port, agent }: Upstream): void {
  const upstream = httpRequest({ host: '127.0.0.1', port, agent, method: incoming.method, path: incoming.url, headers: incoming.headers })
  upstream.on('response', (answer) => {
    const { connection: _, ...headers } = answer.headers
    outgoing.writeHead(answer.statusCode ?? 502, headers)
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
    answer.on('close', () => {
      if (!answer.complete) outgoing.destroy()
    })
  })
  upstream.on('error', (error) => {
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(502).end(String(error))
  })
  outgoing.on('close', () => upstream.destroy())
  incoming.pipe(upstream)
}

function repeat(incoming: IncomingMessage, { port, agent }: Upstream): void {
  const again = httpRequest({ host: '127.0.0.1', port, agent, method: 'POST', path: incoming.url, headers: incoming.headers })
  // The repeat's own fate is nobody's concern: that it was sent is the mistake.
  again.on('error', () => undefined).on('response', (answer) => answer.resume())
  incoming.pipe(again)
}

function tunnel(incoming: IncomingMessage, socket: Socket, { port, head }: { readonly port: number; readonly head: Buffer }): void {
  const upstream = connect(port, '127.0.0.1')
  const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('')}\r\n`)
  upstream.write(head)
  upstream.pipe(socket).pipe(upstream)
  for (const side of [upstream, socket]) {
    side.on('error', () => undefined) // both ends are destroyed on close, whatever the cause
    side.on('close', () => (side === upstream ? socket : upstream).destroy())
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
