import { setTimeout as delay } from 'node:timers/promises'
import type { Table } from '../table/table.ts'
import { laneNames } from './haproxy-config.ts'
import { type HaproxyMaps, haproxyPaths } from './haproxy-paths.ts'
import type { FoundHaproxy } from './haproxy-processes.ts'
import { type Lane, type MapContents, noMaps, planLanes, type Prefix } from './plan-lanes.ts'
import { type BackendStat, readConnections, readStat } from './read-stat.ts'
import { clearLane, cutLane, mapCommands, openLane } from './runtime-commands.ts'
import { askRuntime, runCommands } from './runtime-socket.ts'

export type IsOf = (lane: Lane) => boolean

const pollMs = 10

/** What one HAProxy was told to answer, and what it is answering. */
export class HaproxyLanes {
  readonly #control: string
  readonly #files: HaproxyMaps
  #lanes: readonly Lane[] = []
  #maps: MapContents = noMaps

  constructor({ control, generation }: FoundHaproxy, directory: string) {
    this.#control = control
    this.#files = haproxyPaths(directory, generation).maps
  }

  /** Tells it all that follows from `table`; when this returns, each new request goes by it. Throws `EDGE_DOWN`. */
  async tell(table: Table, prefixes: readonly Prefix[]): Promise<void> {
    await this.#sweep()
    const plan = planLanes({ table, held: this.#lanes, prefixes, names: laneNames })
    const [before, after, files] = [this.#maps, plan.maps, this.#files]
    // The lanes that are left stay in their map until nothing leads to them.
    const both = new Map([...before.lanes, ...after.lanes])
    await runCommands(this.#control, [
      ...plan.opened.flatMap(({ name, addresses }) => openLane(name, addresses)),
      ...mapCommands(files.assets, before.assets, after.assets),
      ...mapCommands(files.lanes, before.lanes, both),
      ...mapCommands(files.hosts, before.hosts, after.hosts),
      ...mapCommands(files.ports, before.ports, after.ports),
      ...mapCommands(files.live, before.live, after.live),
      ...mapCommands(files.lanes, both, after.lanes),
    ])
    this.#lanes = plan.lanes
    this.#maps = plan.maps
  }

  /** Has every request asked of the edge, and waits until none is under way on a lane. False when `ms` were over first. */
  async silence(ms: number): Promise<boolean> {
    await runCommands(this.#control, [`clear map ${this.#files.live}`])
    this.#maps = { ...this.#maps, live: new Map() }
    const over = AbortSignal.timeout(ms)
    while ((await this.#counts()).some(({ current }) => current > 0)) {
      if (over.aborted) return false
      await delay(pollMs)
    }
    return true
  }

  /** How many requests are under way on lanes. */
  async underWay(isOf: IsOf): Promise<ReadonlyMap<Lane, number>> {
    const lanes = this.#lanes.filter(isOf)
    if (lanes.length === 0) return new Map()
    const stat = await this.#stat()
    return new Map(lanes.map((lane) => [lane, stat.get(lane.name)?.current ?? 0]))
  }

  /** Cuts what is under way on lanes that no new request goes to, and returns how much that was. */
  async cut(isOf: IsOf): Promise<number> {
    const left = await this.underWay(isOf)
    await runCommands(this.#control, [...left.keys()].flatMap(({ name, addresses }) => cutLane(name, addresses.length)))
    this.#lanes = this.#lanes.map((lane) => (left.has(lane) ? { ...lane, spent: true } : lane))
    return sumOf(left)
  }

  /** How many requests it has answered without the edge. */
  async answered(): Promise<number> {
    return (await this.#counts()).reduce((total, count) => total + count.total - count.current, 0)
  }

  /** Gives lanes back that no request goes to and that have no connections any more. Others stay, and may be led to again. */
  async #sweep(): Promise<void> {
    const led = new Set(this.#maps.lanes.values())
    const left = this.#lanes.filter(({ name }) => !led.has(name))
    if (left.length === 0) return
    const connections = readConnections(await askRuntime(this.#control, 'show servers conn'))
    const idle = left.filter(({ name }) => connections.get(name) === 0)
    await runCommands(this.#control, idle.flatMap(({ name, addresses }) => clearLane(name, addresses.length)))
    this.#lanes = this.#lanes.filter((lane) => !idle.includes(lane))
  }

  async #stat(): Promise<Map<string, BackendStat>> {
    return readStat(await askRuntime(this.#control, 'show stat'))
  }

  async #counts(): Promise<BackendStat[]> {
    const stat = await this.#stat()
    return laneNames.map((name) => stat.get(name)).filter((each) => each !== undefined)
  }
}

export function sumOf(counts: ReadonlyMap<Lane, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
