import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { HostileCase, UpstreamAct } from './hostile-case.ts'
import { chunkedEnd } from './read-answers.ts'

/** The request by which the runner finds out whether a connection is still good, and what the upstream always answers to it. */
export const probe = 'GET /next HTTP/1.1\r\nHost: shop.test\r\n\r\n'
export const probeAnswer = 'HTTP/1.1 200 OK\r\nX-Probe: answered\r\nContent-Length: 4\r\n\r\nnext'

/** The upstream of one case: hears what reaches it, byte for byte, and does what the case says. */
export class Lane {
  /** Where the proxy is to look for it. */
  readonly address: { readonly host: string; readonly port: number }
  /** All that was heard, on all connections. */
  heard = ''
  /** How many heads were heard, without probes. */
  heads = 0
  /** How many connections the other side has ended. */
  cut = 0
  /** What the client was told so far; the runner keeps it. */
  told = ''
  /** Told whenever something has changed. */
  onChange = (): void => undefined
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #waiting: (() => void)[] = []

  private constructor(server: Server, script: HostileCase['upstream']) {
    this.#server = server
    const { port } = server.address() as AddressInfo
    // Held on one loopback address, the port is nobody else's, and refuses on another.
    this.address = { host: script === 'refuses' ? '127.0.0.99' : '127.0.0.1', port }
    if (script !== 'refuses') server.on('connection', (socket) => void this.#serve(socket, script))
  }

  static async open({ upstream }: Pick<HostileCase, 'upstream'>): Promise<Lane> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Lane(server, upstream)
  }

  close(): void {
    if (this.#server.listening) this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  /** The client was told more. */
  tell(text: string): void {
    this.told = text
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #told(text: RegExp): Promise<void> {
    while (!text.test(this.told)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async #serve(socket: Socket, scripts: readonly (readonly UpstreamAct[])[]): Promise<void> {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const ear = new Ear(socket, (bytes) => {
      this.heard += bytes
      this.onChange()
    })
    void ear.cut.then(() => {
      this.cut += 1
      this.onChange()
    })
    for (let head = await ear.head(); head !== undefined; head = await ear.head()) {
      const isProbe = head.startsWith('GET /next ')
      if (!isProbe) this.heads += 1
      const script = isProbe ? [probeAnswer] : (scripts[Math.min(this.heads, scripts.length) - 1] ?? [])
      this.onChange()
      const turn = { socket, cut: ear.cut, whole: ear.whole(head), told: async (text: RegExp) => this.#told(text) }
      for (const act of script) await perform(act, turn)
      await turn.whole
    }
    socket.destroy()
  }
}

interface Turn {
  told(text: RegExp): Promise<void>
  readonly socket: Socket
  /** Settles when the other side has ended the connection. */
  readonly cut: Promise<void>
  /** The request, once it is whole. */
  readonly whole: Promise<string>
}

async function perform(act: UpstreamAct, { socket, cut, whole, told }: Turn): Promise<void> {
  if (typeof act === 'string') return void socket.write(act, 'latin1')
  switch (act.act) {
    case 'whole': return void (await whole)
    case 'abandoned': return cut
    case 'told': return told(act.text)
    case 'fin': return void socket.end()
    case 'reset': return void socket.resetAndDestroy()
    case 'echo': {
      const text = await whole
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`, 'latin1')
    }
  }
}

/** Cuts what comes on a socket into requests, by a reading of its own. */
class Ear {
  readonly cut: Promise<void>
  #unread = ''
  #over = false
  #wake: (() => void)[] = []

  constructor(socket: Socket, note: (bytes: string) => void) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.cut = promise
    const end = (): void => {
      this.#over = true
      resolve()
      this.#changed()
    }
    socket.on('error', () => undefined)
    socket.once('end', end).once('close', end)
    socket.on('data', (bytes) => {
      this.#unread += bytes.toString('latin1')
      this.#changed()
      note(bytes.toString('latin1'))
    })
  }

  /** The next head, which stays unread; undefined when none comes any more. */
  async head(): Promise<string | undefined> {
    for (;;) {
      const end = this.#unread.indexOf('\r\n\r\n')
      if (end !== -1) return this.#unread.slice(0, end + 4)
      if (this.#over) return undefined
      await this.#next()
    }
  }

  /** Takes the request with this head off, once it is whole. Never settles when it never is. */
  async whole(head: string): Promise<string> {
    for (;;) {
      const end = requestEnd(this.#unread, head)
      if (end !== 'more' && this.#unread.length >= end) {
        const text = this.#unread.slice(0, end)
        this.#unread = this.#unread.slice(end)
        return text
      }
      await this.#next()
    }
  }

  async #next(): Promise<void> {
    await new Promise<void>((resolve) => this.#wake.push(resolve))
  }

  #changed(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}

function requestEnd(text: string, head: string): number | 'more' {
  if (/^transfer-encoding: *chunked *\r$/im.test(head)) return chunkedEnd(text, head.length)
  return head.length + Number(/^content-length: *(\d+) *\r$/im.exec(head)?.[1] ?? 0)
}
