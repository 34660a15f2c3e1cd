import { isDeepStrictEqual } from 'node:util'
import { type AppName, type Holds, type Maintenance, type Pause, PlimsollError, type ReleaseNumber, type Traffic, withCutOff } from '@plimsoll/model'
import type { EdgeState } from '../proxy/edge-state.ts'
import type { Ports } from './listeners.ts'
import { saveSnapshot, type Snapshot } from './snapshot.ts'
import { type Served, servedIn, tableFrom } from './served.ts'
import { type Table, withHolds, withoutApp, withTraffic } from './table.ts'

export interface KeeperParts {
  readonly state: EdgeState
  readonly listeners: Ports
  readonly snapshotPath: string
  /** The port that all hosts share; no entry may have it. */
  readonly sharedPort: number | undefined
  /** Told of each table after it is swapped and before the change counts as done. */
  readonly announce: (served: Served) => Promise<void>
}

/**
 * Changes the table: one change at a time, each in the order listen, write down, swap, stop listening.
 * Whatever fails before the swap leaves everything as it was.
 */
export class TableKeeper {
  readonly #parts: KeeperParts
  readonly #fences: Map<string, number>
  readonly #cutOffs: Map<string, ReleaseNumber>
  #turn: Promise<unknown> = Promise.resolve()
  #handedOver = false

  constructor(parts: KeeperParts, { fences, cutOffs = {} }: Pick<Snapshot, 'fences' | 'cutOffs'>) {
    this.#parts = parts
    this.#fences = new Map(Object.entries(fences))
    this.#cutOffs = new Map(Object.entries(cutOffs))
  }

  /** Those that are served, and those of which something is held. */
  apps(): readonly AppName[] {
    const { apps, holds } = this.#parts.state.table
    return [...new Set([...apps.keys(), ...holds.keys()])]
  }

  live(app: AppName): Traffic | undefined {
    return this.#parts.state.table.apps.get(app)
  }

  async shift(wanted: Traffic): Promise<void> {
    await this.#inTurn(async () => {
      this.#checkFence(wanted.app, wanted.fence)
      const traffic = withCutOff(wanted, this.#cutOffs.get(wanted.app))
      const { state, listeners } = this.#parts
      const next = withTraffic(state.table, traffic)
      this.#checkSharedPort(traffic)
      const opened = await listeners.openAll(Object.values(traffic.entries).map((entry) => entry.port))
      if (isDeepStrictEqual(this.live(traffic.app), traffic)) return
      await this.#commit(next, traffic, opened)
    })
  }

  async remove(app: AppName, fence: number): Promise<void> {
    await this.#inTurn(async () => {
      this.#checkFence(app, fence)
      await this.#commit(withoutApp(this.#parts.state.table, app), { app, fence }, [])
    })
  }

  holds(app: AppName): Holds {
    return this.#parts.state.table.holds.get(app) ?? {}
  }

  async pause(app: AppName, fence: number, pause: Pause | null): Promise<void> {
    await this.#inTurn(async () => {
      this.#checkFence(app, fence)
      await this.#hold({ app, fence }, { maintenance: this.holds(app).maintenance, pause: pause ?? undefined })
    })
  }

  /** Has no fence: it is a person's word, and may be needed most while something else is under way. */
  async maintain(app: AppName, maintenance: Maintenance | null): Promise<void> {
    await this.#inTurn(async () => {
      const fence = this.#fences.get(app) ?? 0
      this.#checkFence(app, fence)
      await this.#hold({ app, fence }, { maintenance: maintenance ?? undefined, pause: this.holds(app).pause })
    })
  }

  async #hold(seen: { app: AppName; fence: number }, { maintenance, pause }: { maintenance: Maintenance | undefined; pause: Pause | undefined }): Promise<void> {
    const holds = { ...(maintenance !== undefined && { maintenance }), ...(pause !== undefined && { pause }) }
    if (isDeepStrictEqual(holds, this.holds(seen.app))) return
    await this.#commit(withHolds(this.#parts.state.table, seen.app, holds), seen, [])
  }

  /** Opens the shared port and whatever of the table's can be opened; returns why the others could not. Throws `PORT_TAKEN` for the shared one. */
  async openAll(): Promise<unknown[]> {
    const { listeners, sharedPort } = this.#parts
    const shared = sharedPort === undefined ? [] : [sharedPort]
    if (await listeners.openAll([...shared, ...this.missingPorts()]).then(() => true, () => false)) return []
    await listeners.openAll(shared)
    return await this.openMissing()
  }

  /** Calls `work` while no table is changed; when it succeeds, this process changes none any more. */
  async handOver(work: () => Promise<unknown>): Promise<void> {
    await this.#inTurn(async () => {
      await work()
      this.#handedOver = true
    })
  }

  /** Writes the table down once more, as it is. */
  async writeDown(): Promise<void> {
    const { state, snapshotPath } = this.#parts
    await this.#inTurn(async () => saveSnapshot(snapshotPath, this.#snapshotOf(state.table)))
  }

  /** Serves by the table of the process that took over. */
  async follow(served: Served): Promise<void> {
    this.#parts.state.swap(tableFrom(served))
    await this.#parts.announce(served)
  }

  /** Tries the table's ports that are not open once more. */
  async openMissing(): Promise<unknown[]> {
    const failures: unknown[] = []
    await this.#inTurn(async () => {
      if (this.#handedOver) return
      // All at once is one change to whoever keeps them; where one is taken, each is tried for itself.
      if (await this.#parts.listeners.openAll(this.missingPorts()).then(() => true, () => false)) return
      for (const port of this.missingPorts()) await this.#parts.listeners.open(port).catch((error: unknown) => failures.push(error))
    })
    return failures
  }

  missingPorts(): number[] {
    return [...this.#parts.state.table.ports.keys()].filter((port) => !this.#parts.listeners.has(port))
  }

  async #commit(next: Table, seen: Pick<Traffic, 'app' | 'fence' | 'cutOff'>, opened: readonly number[]): Promise<void> {
    const { state, listeners, snapshotPath, announce } = this.#parts
    const snapshot = this.#snapshotOf(next)
    const fences = { ...snapshot.fences, [seen.app]: seen.fence }
    const cutOffs = { ...snapshot.cutOffs, ...(seen.cutOff !== undefined && { [seen.app]: seen.cutOff }) }
    try {
      await saveSnapshot(snapshotPath, { ...snapshot, fences, cutOffs })
    } catch (error) {
      for (const port of opened) listeners.close(port)
      throw error
    }
    this.#fences.set(seen.app, seen.fence)
    if (seen.cutOff !== undefined) this.#cutOffs.set(seen.app, seen.cutOff)
    state.swap(next)
    for (const port of listeners.ports()) if (!next.ports.has(port) && port !== this.#parts.sharedPort) listeners.close(port)
    await Promise.all([listeners.settled(), announce(servedIn(next))])
  }

  #snapshotOf(table: Table): Snapshot {
    return { ...servedIn(table), fences: Object.fromEntries(this.#fences), cutOffs: Object.fromEntries(this.#cutOffs) }
  }

  #checkFence(app: AppName, fence: number): void {
    if (this.#handedOver) throw new PlimsollError('EDGE_DOWN', 'Another edge process has just taken over from the one that was asked. Nothing was changed.', { hint: 'Ask again.' })
    const highest = this.#fences.get(app) ?? 0
    if (fence >= highest) return
    throw new PlimsollError('FENCED_OFF', `The edge refused a change for ${app}: it carries fence ${fence}, and ${highest} was seen already.`, {
      hint: `Another run has taken over this app. See what it does: plimsoll status --app ${app}`,
      details: { fence, highest },
    })
  }

  #checkSharedPort({ app, entries }: Traffic): void {
    const clash = Object.entries(entries).find(([, entry]) => entry.port === this.#parts.sharedPort)
    if (clash === undefined) return
    throw new PlimsollError('PORT_TAKEN', `Port ${clash[1].port} of ${app}/${clash[0]} is the port that all hosts of this edge share.`, {
      hint: 'Give the service another port.',
      details: { port: clash[1].port },
    })
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work)
    // The next in turn does not care how this one ended; whoever asked for it is told.
    this.#turn = mine.catch(() => undefined)
    return await mine
  }
}
