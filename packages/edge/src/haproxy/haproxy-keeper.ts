import { setTimeout as delay } from 'node:timers/promises'
import { toProblem } from '@plimsoll/model'
import { emptyTable, type Table } from '../table/table.ts'
import { laneNames } from './haproxy-config.ts'
import { haproxyPaths } from './haproxy-paths.ts'
import { type Lane, type MapContents, noMaps, planLanes, type Prefix } from './plan-lanes.ts'
import { readStat } from './read-stat.ts'
import { clearLane, cutLane, mapCommands, openLane } from './runtime-commands.ts'
import { askRuntime, runCommands } from './runtime-socket.ts'
import { endOf, findHaproxy, type FoundHaproxy, type Haproxy, type HaproxyOptions, pidOf, portsOf, signalTo, startHaproxy } from './start-haproxy.ts'

export interface HaproxyKeeperParts extends HaproxyOptions {
  /** Of whatever releases have published: only the edge has the files. */
  readonly prefixes: () => readonly Prefix[]
  readonly log: (line: string) => void
}

/** How long the answers of one HAProxy are waited for before another takes its ports over; those that are left are still given. */
const handOverMs = 2_000
/** How long what HAProxy tells of its answers may be behind the answers. */
const behindMs = 200
const pollMs = 10

type IsOf = (lane: Lane) => boolean

/** The HAProxy of this edge and what it was told. One thing is done at a time. */
export class HaproxyKeeper {
  readonly #parts: HaproxyKeeperParts
  #current: Haproxy | undefined
  #ports: ReadonlySet<number> = new Set()
  #table: Table = emptyTable
  #lanes: readonly Lane[] = []
  #maps: MapContents = noMaps
  /** Ends of those that still had answers to give when their ports were taken over. */
  readonly #busy = new Map<number, Promise<void>>()
  /** All whose ports were taken over, until they end: a WebSocket may go on in one for long. */
  readonly #elders = new Set<number>()
  #turn: Promise<unknown> = Promise.resolve()
  #isLeft = false

  constructor(parts: HaproxyKeeperParts) {
    this.#parts = parts
  }

  /** Listens on these ports and no others. */
  async serve(ports: ReadonlySet<number>): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#current !== undefined && isSame(ports, this.#ports)) return
      await this.#renew(ports)
    })
  }

  /** Tells HAProxy all that follows from `table`; when this returns, each new request goes by it. Throws `EDGE_DOWN`. */
  async apply(table: Table): Promise<void> {
    await this.#inTurn(async () => {
      this.#table = table
      if (this.#current === undefined || this.#isLeft) return
      await this.#tell(this.#current).catch(async (error: unknown) => {
        this.#parts.log(`HAProxy is started anew: ${toProblem(error).message}`)
        await this.#renew(this.#ports)
      })
    })
  }

  /** Tells HAProxy what has changed beside the table. */
  async refresh(): Promise<void> {
    await this.apply(this.#table)
  }

  /** How many requests are under way on lanes. */
  async underWay(isOf: IsOf): Promise<ReadonlyMap<Lane, number>> {
    const lanes = this.#lanes.filter(isOf)
    if (this.#current === undefined || lanes.length === 0) return new Map()
    const stat = readStat(await askRuntime(this.#current.control, 'show stat'))
    return new Map(lanes.map((lane) => [lane, stat.get(lane.name)?.current ?? 0]))
  }

  /** Waits until nothing is under way on lanes, also in a HAProxy whose ports were taken over. False when `ms` were over first. */
  async quiet(isOf: IsOf, ms: number, signal: AbortSignal): Promise<boolean> {
    const over = AbortSignal.timeout(ms)
    const ends = Promise.all(this.#busy.values()).then(() => true)
    while (sum(await this.underWay(isOf)) > 0 || !(await Promise.race([ends, delay(0, false)]))) {
      if (over.aborted) return false
      await delay(pollMs, undefined, { signal })
    }
    return true
  }

  /** Cuts what is under way on lanes that no new request goes to, and returns how much that was. */
  async cut(isOf: IsOf): Promise<number> {
    const left = await this.underWay(isOf)
    if (this.#current !== undefined) await runCommands(this.#current.control, [...left.keys()].flatMap(({ name, addresses }) => cutLane(name, addresses.length)))
    return sum(left)
  }

  /** Waits until HAProxy has told of every answer that it has given. */
  async heardAll(): Promise<void> {
    const over = AbortSignal.timeout(behindMs)
    while (this.#current !== undefined && !over.aborted) {
      const stat = readStat(await askRuntime(this.#current.control, 'show stat'))
      const answered = laneNames.reduce((total, name) => total + (stat.get(name)?.total ?? 0) - (stat.get(name)?.current ?? 0), 0)
      if (this.#current.told() >= answered) return
      await delay(pollMs)
    }
  }

  /** Another process of this edge has it from now on. */
  leave(): void {
    this.#isLeft = true
  }

  /** Ends every HAProxy of this edge, with whatever is under way. */
  async end(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#isLeft) return
      this.#isLeft = true
      if (this.#current !== undefined) this.#awaitEnd(this.#current)
      for (const pid of [...this.#busy.keys(), ...this.#elders]) signalTo(pid, 'SIGKILL')
      await Promise.all(this.#busy.values())
    })
  }

  /** The ports that are open, also those that the process before had opened. */
  async openPorts(): Promise<ReadonlySet<number>> {
    const { directory } = this.#parts
    const found = await findHaproxy(directory)
    return found === undefined ? new Set() : await portsOf(directory, found)
  }

  async #renew(ports: ReadonlySet<number>): Promise<void> {
    const { directory } = this.#parts
    const before = await findHaproxy(directory)
    if (before !== undefined) await this.#silence(before)
    this.#ports = ports
    if (ports.size === 0) {
      this.#current = undefined
      if (before !== undefined) await this.#retire(before)
      return
    }
    const next = await startHaproxy(this.#parts, [...ports], before)
    this.#current = next
    this.#lanes = []
    this.#maps = noMaps
    void this.#restartAfter(next)
    if (before !== undefined) void this.#remember(before)
    this.#parts.log(`HAProxy (pid ${next.pid}) listens on ${[...ports].join(', ')}`)
    await this.#tell(next)
  }

  /** Has every request of `before` asked of the edge, so that what it does not learn any more does not matter. */
  async #silence(before: FoundHaproxy): Promise<void> {
    await runCommands(before.control, [`clear map ${haproxyPaths(this.#parts.directory, before.generation).maps.live}`])
    const over = AbortSignal.timeout(handOverMs)
    const isBusy = async (): Promise<boolean> => {
      const stat = readStat(await askRuntime(before.control, 'show stat'))
      return laneNames.some((name) => (stat.get(name)?.current ?? 0) > 0)
    }
    while (await isBusy()) {
      if (over.aborted) return this.#awaitEnd(before)
      await delay(pollMs)
    }
  }

  #awaitEnd({ pid }: FoundHaproxy): void {
    this.#busy.set(pid, endOf(pid).finally(() => this.#busy.delete(pid)))
  }

  /** Returns when its ports are closed; what is under way through it goes on. */
  async #retire(before: FoundHaproxy): Promise<void> {
    this.#awaitEnd(before)
    signalTo(before.pid, 'SIGUSR1')
    while ((await pidOf(before.control)) === before.pid) await delay(pollMs)
  }

  async #remember({ pid }: FoundHaproxy): Promise<void> {
    this.#elders.add(pid)
    await endOf(pid, 1_000)
    this.#elders.delete(pid)
  }

  async #restartAfter(gone: Haproxy): Promise<void> {
    await gone.ended
    const { directory, log } = this.#parts
    await this.#inTurn(async () => {
      if (this.#isLeft || this.#current !== gone || this.#ports.size === 0) return
      const other = await findHaproxy(directory)
      if (other !== undefined && other.generation > gone.generation) return
      log(`HAProxy (pid ${gone.pid}) died`)
      await this.#renew(this.#ports)
    }).catch((error: unknown) => log(toProblem(error).message))
  }

  async #tell({ control, generation }: Haproxy): Promise<void> {
    const { directory, prefixes } = this.#parts
    const { maps } = haproxyPaths(directory, generation)
    await this.#sweep(control)
    const plan = planLanes({ table: this.#table, held: this.#lanes, prefixes: prefixes(), names: laneNames })
    const [before, after] = [this.#maps, plan.maps]
    // The lanes that are left stay in their map until nothing leads to them.
    const both = new Map([...before.lanes, ...after.lanes])
    const commands = [
      ...plan.opened.flatMap(({ name, addresses }) => openLane(name, addresses)),
      ...mapCommands(maps.assets, before.assets, after.assets),
      ...mapCommands(maps.lanes, before.lanes, both),
      ...mapCommands(maps.hosts, before.hosts, after.hosts),
      ...mapCommands(maps.ports, before.ports, after.ports),
      ...mapCommands(maps.live, before.live, after.live),
      ...mapCommands(maps.lanes, both, after.lanes),
    ]
    await runCommands(control, commands)
    this.#lanes = plan.lanes
    this.#maps = plan.maps
  }

  /** Gives lanes back that no request goes to and nothing is under way on. */
  async #sweep(control: string): Promise<void> {
    const led = new Set(this.#maps.lanes.values())
    const left = await this.underWay(({ name }) => !led.has(name))
    const idle = [...left].filter(([, count]) => count === 0).map(([lane]) => lane)
    await runCommands(control, idle.flatMap(({ name, addresses }) => clearLane(name, addresses.length)))
    this.#lanes = this.#lanes.filter((lane) => !idle.includes(lane))
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work)
    // The next in turn does not care how this one ended; whoever asked for it is told.
    this.#turn = mine.catch(() => undefined)
    return await mine
  }
}

function isSame(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return one.size === other.size && [...one].every((port) => other.has(port))
}

function sum(counts: ReadonlyMap<Lane, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
