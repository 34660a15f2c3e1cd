import type { Server } from 'node:net'
import { z } from 'zod'
import type { Talk } from './talk.ts'

/**
 * A listening socket as the kernel knows it, without the server around it: Node gives it to another process and takes it back,
 * and only an object around it accepts connections. (`net.Server` itself can be sent too, but begins to accept where it arrives.)
 */
export interface BareSocket {
  close(): void
}

/** What the process that holds the same sockets is asked. */
export interface Holder {
  readonly talk: Talk
  /** Ends it at once; the kernel takes its sockets. */
  kill(): void
}

const nameSchema = z.object({ name: z.string() })
const limitMs = 2_000

/**
 * The listening sockets of this process, by name, and the heir that holds them too: a socket stays open in the kernel, with
 * the connections that wait in its queue, until the last process has let go of it.
 */
export class SharedSockets {
  /** Got from the process before, and not listened on yet. */
  readonly #inherited: Map<string, BareSocket>
  readonly #open = new Map<string, BareSocket>()
  readonly #leaving = new Set<Promise<void>>()
  #holder: Holder | undefined

  constructor(inherited: ReadonlyMap<string, BareSocket> = new Map()) {
    this.#inherited = new Map(inherited)
  }

  /** The socket of this name that was inherited; whoever gets it owns it. */
  take(name: string): BareSocket | undefined {
    const socket = this.#inherited.get(name)
    this.#inherited.delete(name)
    return socket
  }

  /** Whether `take` would give it. */
  has(name: string): boolean {
    return this.#inherited.has(name)
  }

  /** From now on the heir holds it as well. */
  add(name: string, server: Server | BareSocket): void {
    const socket = bareSocketOf(server)
    this.#open.set(name, socket)
    if (this.#holder !== undefined) void give(this.#holder, name, socket)
  }

  /** The server is closed already; tells the heir. */
  remove(name: string): void {
    this.#open.delete(name)
    if (this.#holder === undefined) return
    const left = drop(this.#holder, name).finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }

  /** Resolves when nobody holds a socket that was removed before: then its port is free. */
  async settled(): Promise<void> {
    await Promise.all(this.#leaving)
  }

  /** Makes `holder` the one that holds all of them, and returns when it does. */
  async shareWith(holder: Holder): Promise<void> {
    this.#holder = holder
    await Promise.all([...this.#open].map(async ([name, socket]) => give(holder, name, socket)))
  }

  /** Nothing is told to a holder any more. */
  keepToItself(): void {
    this.#holder = undefined
  }

  /** Lets go of what was inherited and is not needed. */
  closeRest(): void {
    for (const socket of this.#inherited.values()) socket.close()
    this.#inherited.clear()
  }
}

/** The heir's side: what it holds, and what it may be asked about that. */
export function holding(): { readonly sockets: Map<string, BareSocket>; readonly verbs: { take(body: unknown, socket: unknown): void; drop(body: unknown): void } } {
  const sockets = new Map<string, BareSocket>()
  const close = (name: string): void => {
    sockets.get(name)?.close()
    sockets.delete(name)
  }
  return {
    sockets,
    verbs: {
      take(body, socket) {
        const { name } = nameSchema.parse(body)
        close(name)
        if (isBareSocket(socket)) sockets.set(name, socket)
      },
      drop: (body) => close(nameSchema.parse(body).name),
    },
  }
}

/** One that cannot be given is opened anew by the heir, when it has to. */
async function give({ talk }: Holder, name: string, socket: BareSocket): Promise<void> {
  await talk.ask({ verb: 'take', body: { name }, socket, limitMs }).catch(() => undefined)
}

/** A heir that does not let go keeps a port from its next owner. */
async function drop(holder: Holder, name: string): Promise<void> {
  await holder.talk.ask({ verb: 'drop', body: { name }, limitMs }).catch(() => holder.kill())
}

/** Node has no public way to the socket of a server that does not make the receiver accept connections at once. */
export function bareSocketOf(server: Server | BareSocket): BareSocket {
  const socket: unknown = '_handle' in server ? server._handle : server
  if (!isBareSocket(socket)) throw new TypeError('The server does not listen.')
  return socket
}

function isBareSocket(value: unknown): value is BareSocket {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function'
}
