import { toProblem } from '@plimsoll/model'
import type { FleetKeys } from './fleet-keys.ts'
import { FleetMember } from './fleet-member.ts'
import { type MemberAddress, MemberLink } from './member-link.ts'

export interface RosterParts {
  /** The edges that there are, or that may still serve; asked every second. */
  readonly members: (signal: AbortSignal) => Promise<readonly MemberAddress[]>
  readonly keys: FleetKeys
  readonly beatMs: number
  readonly answerMs: number
  readonly log: (line: string) => void
  /** Of the table that all are to serve by. */
  readonly digest: () => string
  /** Told after each look at an edge. */
  readonly onLook: (member: FleetMember) => void
}

const listMs = 1_000
const listLimitMs = 5_000

/** The edges of a fleet, each of them asked again and again how it is. */
export class FleetRoster {
  readonly #parts: RosterParts
  readonly #members = new Map<string, FleetMember>()
  readonly #looking = new Set<FleetMember>()
  readonly #closed = new AbortController()
  #listedAt = 0
  #listing: Promise<void> | undefined
  #beat: NodeJS.Timeout | undefined
  #told = Promise.withResolvers<void>()

  constructor(parts: RosterParts) {
    this.#parts = parts
  }

  get listed(): FleetMember[] {
    return [...this.#members.values()]
  }

  get answering(): FleetMember[] {
    return this.listed.filter(({ answers }) => answers)
  }

  /** Lists them and looks at each once; from then on it does so by itself. */
  async begin(): Promise<void> {
    await this.list()
    await Promise.all(this.listed.map(async (member) => this.look(member)))
    this.#beat = setInterval(() => this.#tick(), this.#parts.beatMs).unref()
  }

  close(): void {
    clearInterval(this.#beat)
    this.#closed.abort()
    for (const member of this.listed) member.close()
  }

  /** Asks anew which there are. Where nobody can tell, those that were listed last stay. */
  async list(): Promise<void> {
    this.#listing ??= this.#list().finally(() => (this.#listing = undefined))
    await this.#listing
  }

  async look(member: FleetMember): Promise<void> {
    const before = member.answers
    await member.look(this.#parts.digest)
    if (this.#closed.signal.aborted) return
    if (before !== member.answers) this.#parts.log(`the edge on ${member.name} ${member.answers ? 'answers' : 'is away'}`)
    this.#parts.onLook(member)
    this.tell()
  }

  /** Wakes whoever waits for a change. */
  tell(): void {
    this.#told.resolve()
    this.#told = Promise.withResolvers<void>()
  }

  /** Calls `isSo` whenever something was heard, until it holds or `ms` are over; says which. */
  async until(isSo: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    const over = AbortSignal.any([signal, this.#closed.signal, AbortSignal.timeout(Math.max(0, Math.ceil(ms)))])
    const ended = Promise.withResolvers<void>()
    over.addEventListener('abort', () => ended.resolve(), { once: true })
    for (;;) {
      if (isSo()) return true
      if (over.aborted) break
      await Promise.race([this.#told.promise, ended.promise])
    }
    signal.throwIfAborted()
    return false
  }

  async #list(): Promise<void> {
    this.#listedAt = performance.now()
    const found = await this.#parts.members(AbortSignal.any([this.#closed.signal, AbortSignal.timeout(listLimitMs)])).catch((error: unknown) => {
      if (!this.#closed.signal.aborted) this.#parts.log(`the edges cannot be listed: ${toProblem(error).message}`)
      return undefined
    })
    if (found === undefined || this.#closed.signal.aborted) return
    const wanted = new Map(found.map((address) => [keyOf(address), address]))
    for (const [key, member] of this.#members) {
      if (wanted.has(key)) continue
      this.#members.delete(key)
      member.close()
      this.#parts.log(`the edge on ${member.name} is gone`)
    }
    const { keys, answerMs } = this.#parts
    const fresh = [...wanted].filter(([key]) => !this.#members.has(key)).map(([key, address]) => [key, new FleetMember(address, new MemberLink(address, keys), answerMs)] as const)
    for (const [key, member] of fresh) this.#members.set(key, member)
    this.tell()
  }

  #tick(): void {
    if (performance.now() - this.#listedAt >= listMs) void this.list()
    for (const member of this.listed) {
      if (this.#looking.has(member)) continue
      this.#looking.add(member)
      void this.look(member).finally(() => this.#looking.delete(member))
    }
  }
}

function keyOf({ name, host, port }: MemberAddress): string {
  return `${name} ${host} ${port}`
}
