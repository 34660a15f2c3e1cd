import { setTimeout as delay } from 'node:timers/promises'
import { toProblem } from '@plimsoll/model'
import { emptyTable, type Table } from '../table/table.ts'
import { type HaproxyLanes, type IsOf, sumOf } from './haproxy-lanes.ts'
import { endHaproxies, endOf, findHaproxy, generationsIn, portsOf, signalTo } from './haproxy-processes.ts'
import type { Lane, Prefix } from './plan-lanes.ts'
import { replaceHaproxy, type Serving } from './replace-haproxy.ts'
import type { BoundPorts, Haproxy, HaproxyOptions } from './start-haproxy.ts'

export interface HaproxyKeeperParts extends Omit<HaproxyOptions, 'lastGeneration'> {
  /** Of whatever releases have published: only the edge has the files. */
  readonly prefixes: () => readonly Prefix[]
  /** A table with the instances that can be asked now; what has none is left to the edge, which waits for one. */
  readonly reachable: (table: Table) => Table
  readonly log: (line: string) => void
}

/** How long what HAProxy tells of its answers may be behind the answers. */
const behindMs = 200
const pollMs = 10
/** How long the end of a HAProxy may come behind the end of its answers. */
const dyingMs = 500
const [firstWaitMs, longestWaitMs] = [100, 10_000]

/** The HAProxy of this edge: started for its ports, told what it may answer, and started again when it dies. One thing is done at a time. */
export class HaproxyKeeper {
  readonly #parts: HaproxyKeeperParts
  #serving: Serving | undefined
  #lastGeneration = 0
  #ports: BoundPorts = new Map()
  #table: Table = emptyTable
  /** Ends of those that still had answers to give when their ports were taken over. */
  readonly #busy = new Map<number, Promise<void>>()
  #turn: Promise<unknown> = Promise.resolve()
  #isLeft = false

  constructor(parts: HaproxyKeeperParts) {
    this.#parts = parts
  }

  /** The runtime socket of the HAProxy that accepts; none while there is none, and none of one that is another process's. */
  get control(): string | undefined {
    return this.#isLeft ? undefined : this.#serving?.haproxy.control
  }

  /** Resolves when all is done that was asked for before. */
  async settled(): Promise<void> {
    await this.#turn
  }

  /** Has HAProxy accept on these sockets and no others. Throws `EDGE_DOWN`, and then whatever accepted before still does. */
  async serve(ports: BoundPorts): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#isLeft || isSame(ports, this.#ports)) return
      await this.#renew(ports)
      this.#ports = ports
    })
  }

  /** Tells HAProxy all that follows from `table`; when this returns, each new request goes by it. Throws `EDGE_DOWN`. */
  async apply(table: Table): Promise<void> {
    await this.#inTurn(async () => {
      this.#table = table
      if (this.#serving === undefined || this.#isLeft) return
      await this.#tell(this.#serving).catch(async () => this.#renew(this.#ports))
    })
  }

  /** Tells HAProxy what has changed beside the table. */
  async refresh(): Promise<void> {
    await this.apply(this.#table)
  }

  /** How many requests are under way on lanes. */
  async underWay(isOf: IsOf): Promise<ReadonlyMap<Lane, number>> {
    return await this.#ask((lanes) => lanes.underWay(isOf), new Map())
  }

  /** Waits until nothing is under way on lanes, also in a HAProxy whose ports were taken over. False when `ms` were over first. */
  async quiet(isOf: IsOf, ms: number, signal: AbortSignal): Promise<boolean> {
    const over = AbortSignal.timeout(ms)
    const ends = Promise.all(this.#busy.values()).then(() => true)
    while (sumOf(await this.underWay(isOf)) > 0 || !(await Promise.race([ends, delay(0, false)]))) {
      if (over.aborted) return false
      await delay(pollMs, undefined, { signal })
    }
    return true
  }

  /** Cuts what is under way on lanes that no new request goes to, and returns how much that was. */
  async cut(isOf: IsOf): Promise<number> {
    return await this.#ask((lanes) => lanes.cut(isOf), 0)
  }

  /** Waits until HAProxy has told of every answer that it has given. */
  async heardAll(): Promise<void> {
    const over = AbortSignal.timeout(behindMs)
    while (this.#serving !== undefined && !over.aborted) {
      const { haproxy } = this.#serving
      if (haproxy.told() >= (await this.#ask((lanes) => lanes.answered(), 0))) return
      await delay(pollMs)
    }
  }

  /** Another process of this edge has a HAProxy of its own from now on, and knows what is under way in this one. */
  leave(): void {
    this.#isLeft = true
    this.#serving = undefined
  }

  /** Ends every HAProxy of this edge, with whatever is under way. */
  async end(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#isLeft) return
      this.#isLeft = true
      await endHaproxies(this.#parts.directory)
    })
  }

  /** The ports that are open, also those that a process before had opened. */
  async openPorts(): Promise<ReadonlySet<number>> {
    const { directory } = this.#parts
    return await this.#inTurn(async () => {
      const found = await findHaproxy(directory)
      return found === undefined ? new Set() : await portsOf(directory, found)
    })
  }

  /** Puts another HAProxy in the place of whichever there is; with no port, none. */
  async #renew(ports: BoundPorts): Promise<void> {
    const { next, busy } = await replaceHaproxy({ ...this.#parts, lastGeneration: this.#lastGeneration }, ports, this.#serving)
    this.#serving = next
    this.#lastGeneration = next?.haproxy.generation ?? this.#lastGeneration
    if (busy !== undefined) this.#busy.set(busy, endOf(busy).finally(() => this.#busy.delete(busy)))
    if (next === undefined) return
    void this.#restartAfter(next.haproxy)
    this.#parts.log(`HAProxy (pid ${next.haproxy.pid}) listens on ${[...ports.keys()].join(', ')}`)
    await this.#tell(next)
  }

  /** `none` where there is no HAProxy, also when it dies while it is asked: what went through it is over. */
  async #ask<Answer>(question: (lanes: HaproxyLanes) => Promise<Answer>, none: Answer): Promise<Answer> {
    const asked = this.#serving
    if (asked === undefined) return none
    return await question(asked.lanes).catch(async (error: unknown) => {
      const isOver = await Promise.race([asked.haproxy.ended.then(() => true), delay(dyingMs, false)])
      if (isOver || this.#serving !== asked) return none
      throw error
    })
  }

  /** One that was told a part only would answer wrongly: it is ended, and the caller or its own end brings another one. */
  async #tell({ haproxy, lanes }: Serving): Promise<void> {
    await lanes.tell(this.#parts.reachable(this.#table), this.#parts.prefixes()).catch(async (error: unknown) => {
      this.#parts.log(`HAProxy (pid ${haproxy.pid}) is ended: ${toProblem(error).message}`)
      signalTo(haproxy.pid, 'SIGKILL')
      await haproxy.ended
      throw error
    })
  }

  /** Connections wait in the sockets meanwhile; one that cannot be started is tried again, later and later. */
  async #restartAfter({ ended, pid, generation }: Haproxy): Promise<void> {
    await ended
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      const isOver = await this.#inTurn(async () => {
        // One that was replaced ends too, also one that the edge which takes over from this one has replaced.
        if (this.#isLeft || this.#serving?.haproxy.pid !== pid || (await generationsIn(this.#parts.directory)).some((each) => each > generation)) return true
        this.#parts.log(`HAProxy (pid ${pid}) died`)
        await this.#renew(this.#ports)
        return true
      }).catch((error: unknown) => this.#parts.log(toProblem(error).message))
      if (isOver === true) return
      await delay(waitMs, undefined, { ref: false })
    }
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work)
    // The next in turn does not care how this one ended; whoever asked for it is told.
    this.#turn = mine.catch(() => undefined)
    return await mine
  }
}

function isSame(one: BoundPorts, other: BoundPorts): boolean {
  return one.size === other.size && [...one].every(([port, sockets]) => other.get(port) === sockets)
}
