import { isIP } from 'node:net'
import type { Counters, UnitCounters } from '@plimsoll/engine'
import type { AppName, ReleaseNumber, ReleaseTraffic, Target, Traffic } from '@plimsoll/model'
import { emptyTable, type Route, type Table } from '../table/table.ts'
import { chooseWithCanary } from './canary-pin.ts'
import { idToName, type Ask } from './choose-release.ts'
import type { Exchange } from './exchange.ts'
import { Machines } from './machines.ts'
import { createNames, type Names } from './names.ts'
import { UnitGate } from './unit-gate.ts'
import { WaitingRoom } from './waiting-room.ts'

/** A request that is in flight to a Unit. */
export interface Claim {
  readonly gate: UnitGate
  readonly exchange: Exchange
  /** What the answer sets. */
  readonly cookie: string | undefined
  /** See {@link idToName}. */
  readonly named: string | undefined
}

const rememberedReleases = 50

/** The one pointer, and the gates that it leads to. */
export class EdgeState {
  /** Requests that wait for the end of a pause. */
  readonly waiting = new WaitingRoom()
  /** Under the instances, where somebody tells of them. */
  readonly machines = new Machines()
  readonly #absentMs: number
  readonly #names: Names
  #table: Table = emptyTable
  readonly #gates = new Map<AppName, Map<string, UnitGate>>()

  /** Called when other instances of a Unit can be asked than before. */
  onInstances: () => void = () => undefined

  /** `absentMs` is how long requests wait for a Unit that takes no connections; `names` says where hosts are, and the system where it is left out. */
  constructor({ absentMs, names = createNames() }: { readonly absentMs: number; readonly names?: Names }) {
    this.#absentMs = absentMs
    this.#names = names
    this.machines.onChange = () => {
      for (const gate of this.#allGates()) gate.machinesChanged()
      this.onInstances()
    }
    this.machines.onShaken = () => {
      for (const gate of this.#allGates()) gate.askStalled()
    }
  }

  get table(): Table {
    return this.#table
  }

  /**
   * Chooses the Unit and registers the request in one turn: a switch comes before or after it, never
   * between. Undefined when no release has anything for this service.
   */
  claim(route: Route, ask: Ask, cut: () => void): Claim | undefined {
    const traffic = this.#table.apps.get(route.app)
    if (traffic === undefined) return undefined
    const choice = chooseWithCanary(traffic, route.service, ask)
    if (choice === undefined) return undefined
    const gate = this.#gate(route, choice.release.release, choice.target)
    return { gate, exchange: gate.enter(cut), named: idToName(choice, route.service, ask), cookie: choice.cookie }
  }

  /** Makes `next` the truth. What is in flight stays where it is. */
  swap(next: Table): void {
    const left = new Map(this.#table.apps)
    const held = this.#table.holds
    this.#table = next
    for (const traffic of next.apps.values()) {
      left.delete(traffic.app)
      this.#settle(traffic)
    }
    for (const app of next.apps.keys()) this.#forgetOld(app)
    for (const app of left.keys()) for (const gate of this.gatesOf(app)) gate.dismiss(undefined)
    for (const [app, holds] of held) if (next.holds.get(app) !== holds) this.waiting.wake(app)
  }

  gatesOf(app: AppName): UnitGate[] {
    return [...(this.#gates.get(app)?.values() ?? [])]
  }

  /** Forgets gates that nothing is in flight to; the counts go with them. */
  forget(app: AppName): void {
    for (const gate of this.gatesOf(app)) gate.end()
    this.#gates.delete(app)
  }

  /** The table with the addresses that can be asked now in the place of those that it names. */
  reachable(table: Table): Table {
    const apps = [...table.apps].map(([app, traffic]) => [app, { ...traffic, live: this.#reachableOf(app, traffic.live) }] as const)
    return { ...table, apps: new Map(apps) }
  }

  /** Looks after no instance any more: the process ends, or another one does. */
  end(): void {
    this.machines.end()
    for (const gate of this.#allGates()) gate.end()
  }

  #allGates(): UnitGate[] {
    return [...this.#gates.values()].flatMap((gates) => [...gates.values()])
  }

  #reachableOf(app: AppName, release: ReleaseTraffic): ReleaseTraffic {
    const gates = this.#gates.get(app)
    const targets = Object.entries(release.targets).map(([service, target]): [string, Target] => {
      const gate = gates?.get(`${release.release}/${service}`)
      return [service, target.kind === 'instances' && target.check !== undefined && gate !== undefined ? { ...target, addresses: gate.addresses().filter(({ host }) => isIP(host) !== 0) } : target]
    })
    return { ...release, targets: Object.fromEntries(targets) }
  }

  counters(app: AppName): Counters {
    const pairs = this.gatesOf(app).map((gate): [string, UnitCounters] => [`${gate.release}/${gate.service}`, gate.counters()])
    return Object.fromEntries(pairs)
  }

  /** Counts of releases that are long gone help nobody, nor do those of Units that were never asked, and an edge runs for months. */
  #forgetOld(app: AppName): void {
    const gates = this.#gates.get(app) ?? new Map<string, UnitGate>()
    const newest = Math.max(...[...gates.values()].map((gate) => gate.release))
    const traffic = this.#table.apps.get(app)
    const inTable = new Set([traffic?.live, traffic?.canary?.release, ...(traffic?.previous ?? [])].map((release) => release?.release))
    for (const [key, gate] of gates) {
      const isLongGone = gate.isUnasked || gate.release < newest - rememberedReleases
      if (!isLongGone || inTable.has(gate.release) || gate.exchanges.size > 0) continue
      gate.end()
      gates.delete(key)
    }
  }

  #settle(traffic: Traffic): void {
    const warm = new Map(traffic.previous.map((release) => [release.release, release]))
    const serving = traffic.canary === undefined ? [traffic.live] : [traffic.live, traffic.canary.release]
    for (const gate of this.gatesOf(traffic.app)) {
      if (serving.some(({ release, targets }) => release === gate.release && targets[gate.service] !== undefined)) continue
      gate.dismiss(warm.get(gate.release)?.targets[gate.service])
    }
    for (const { release, targets } of serving) {
      for (const [service, target] of Object.entries(targets)) this.#gate({ app: traffic.app, service }, release, target).welcome(target)
    }
  }

  #gate({ app, service }: Route, release: ReleaseNumber, target: Target): UnitGate {
    const gates = this.#gates.get(app) ?? new Map<string, UnitGate>()
    this.#gates.set(app, gates)
    const key = `${release}/${service}`
    const gate = gates.get(key) ?? new UnitGate({ release, service, target, absentMs: this.#absentMs, names: this.#names, onInstances: () => this.onInstances(), isDoubtful: (address) => this.machines.isGone(address) })
    gates.set(key, gate)
    return gate
  }
}
