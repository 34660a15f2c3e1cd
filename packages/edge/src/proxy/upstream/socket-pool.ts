import type { Address } from '@plimsoll/model'
import type { AnswerHead } from './answer-head.ts'
import type { Names } from '../names.ts'
import { Connection } from './connection.ts'

/** Below Node's default of 5 s on the other side, so that the upstream never closes a socket just as it is used again. */
const idleMs = 4_000

/** An upstream that says how long it waits is believed, less this much for the way of its close to us. */
const announcedLessMs = 1_000

const maxFree = 256

/** The upstream sockets of one Unit that wait to be used again. */
export class SocketPool {
  /** Whether a socket is kept after its answer. */
  reuse = false
  /** By address; the one used last is the first to be used again. */
  readonly #free = new Map<string, Connection[]>()
  /** Addresses of which no socket is kept until one is asked for again. */
  readonly #forsaken = new Set<string>()
  readonly #names: Names

  constructor(names: Names) {
    this.#names = names
  }

  /** An idle connection, else a new one. */
  take(address: Address, connectMs: number): Connection {
    this.#forsaken.delete(keyOf(address))
    const free = this.#free.get(keyOf(address))
    for (let idle = free?.pop(); idle !== undefined; idle = free?.pop()) if (idle.open) return idle
    return new Connection({ address, names: this.#names, forUpgrade: false, connectMs, onClose: (connection) => this.#forget(address, connection) })
  }

  /** Takes back a connection over which an answer came whole; closes it where it cannot be used again. */
  give(address: Address, connection: Connection, answer: AnswerHead): void {
    const free = this.#freeAt(address)
    const wait = this.reuse && connection.open && !this.#forsaken.has(keyOf(address)) && free.length < maxFree ? idleMsAfter(answer) : 0
    if (wait <= 0) return connection.destroy()
    connection.idle(wait)
    free.push(connection)
  }

  /** Closes the idle sockets to one address now and the busy ones after their answer. */
  forsake(address: Address): void {
    this.#forsaken.add(keyOf(address))
    for (const connection of this.#free.get(keyOf(address)) ?? []) connection.destroy()
    this.#free.delete(keyOf(address))
  }

  /** Closes idle sockets now and the busy ones after their answer. */
  retire(): void {
    this.reuse = false
    for (const connection of [...this.#free.values()].flat()) connection.destroy()
    this.#free.clear()
    this.#forsaken.clear()
  }

  #freeAt(address: Address): Connection[] {
    const key = keyOf(address)
    const known = this.#free.get(key)
    if (known !== undefined) return known
    const free: Connection[] = []
    this.#free.set(key, free)
    return free
  }

  #forget(address: Address, connection: Connection): void {
    const free = this.#free.get(keyOf(address))
    const index = free?.indexOf(connection) ?? -1
    if (index !== -1) free?.splice(index, 1)
  }
}

/** How long a connection may wait for its next request after this answer; 0 when there is none. */
export function idleMsAfter({ version, connection, keepAlive }: Pick<AnswerHead, 'version' | 'connection' | 'keepAlive'>): number {
  if (version === '1.0' || (connection !== '' && connection.split(',').some((option) => option.trim() === 'close'))) return 0
  const announced = /^timeout=(\d+)/.exec(keepAlive ?? '')?.[1]
  return announced === undefined ? idleMs : Math.max(0, Math.min(idleMs, Number(announced) * 1_000 - announcedLessMs))
}

function keyOf({ host, port }: Address): string {
  return `${host}:${port}`
}
