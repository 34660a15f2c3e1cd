import { isDeepStrictEqual } from 'node:util'
import { type AppName, type Holds, type Maintenance, type Pause, PlimsollError, type Traffic } from '@plimsoll/model'
import type { EdgeState } from '../proxy/edge-state.ts'
import type { Ports } from './listeners.ts'
import { saveSnapshot, type Snapshot } from './snapshot.ts'
import { type Served, servedIn, tableFrom } from './served.ts'
import { snapshotOf, type Truth, truthIn, withMaintenance, withPause, withRemoval, withShift } from './truth.ts'

export interface KeeperParts {
  readonly state: EdgeState
  readonly listeners: Ports
  readonly snapshotPath: string
  /** The port that all hosts share; no entry may have it. */
  readonly sharedPort: number | undefined
  /** Told of each table after it is swapped and before the change counts as done. */
  readonly announce: (served: Served) => Promise<void>
  /** Whether no port is opened until a table was adopted: what is in the snapshot may not be the truth any more. */
  readonly awaitsWord?: boolean
}

/**
 * Changes the table: one change at a time, each in the order listen, write down, swap, stop listening.
 * Whatever fails before the swap leaves everything as it was.
 */
export class TableKeeper {
  readonly #parts: KeeperParts
  #told: Omit<Truth, 'table'>
  #awaitsWord: boolean
  #turn: Promise<unknown> = Promise.resolve()
  #handedOver = false

  constructor(parts: KeeperParts, snapshot: Snapshot) {
    this.#parts = parts
    this.#told = truthIn(snapshot)
    this.#awaitsWord = parts.awaitsWord ?? false
  }

  /** All that was told so far. */
  truth(): Truth {
    return { ...this.#told, table: this.#parts.state.table }
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
      this.#checkStands()
      const next = withShift(this.truth(), wanted)
      this.#checkSharedPort(wanted)
      const opened = await this.#parts.listeners.openAll(Object.values(wanted.entries).map((entry) => entry.port))
      if (isDeepStrictEqual(this.live(wanted.app), next.table.apps.get(wanted.app))) return
      await this.#commit(next, opened)
    })
  }

  async remove(app: AppName, fence: number): Promise<void> {
    await this.#change((truth) => withRemoval(truth, app, fence))
  }

  holds(app: AppName): Holds {
    return this.#parts.state.table.holds.get(app) ?? {}
  }

  async pause(app: AppName, fence: number, pause: Pause | null): Promise<void> {
    await this.#change((truth) => withPause(truth, { app, fence, pause }))
  }

  async maintain(app: AppName, maintenance: Maintenance | null): Promise<void> {
    await this.#change((truth) => withMaintenance(truth, app, maintenance))
  }

  /** A change for which no port is opened. */
  async #change(change: (truth: Truth) => Truth): Promise<void> {
    await this.#inTurn(async () => {
      this.#checkStands()
      const before = this.truth()
      const next = change(before)
      if (!isDeepStrictEqual(snapshotOf(next), snapshotOf(before))) await this.#commit(next, [])
    })
  }

  /** Opens the shared port and whatever of the table's can be opened; returns why the others could not. Throws `PORT_TAKEN` for the shared one. */
  async openAll(): Promise<unknown[]> {
    if (this.#awaitsWord) return []
    const { listeners, sharedPort } = this.#parts
    const shared = sharedPort === undefined ? [] : [sharedPort]
    const isDone = await this.#inTurn(async () => {
      if (await listeners.openAll([...shared, ...this.missingPorts()]).then(() => true, () => false)) return true
      await listeners.openAll(shared)
      return false
    })
    return isDone ? [] : await this.openMissing()
  }

  /** Calls `work` while no table is changed; when it succeeds, this process changes none any more. */
  async handOver(work: () => Promise<unknown>): Promise<void> {
    await this.#inTurn(async () => {
      await work()
      this.#handedOver = true
    })
  }

  /** This process ends: it changes no table and opens no port any more. */
  end(): void {
    this.#handedOver = true
  }

  /** Writes the table down once more, as it is. */
  async writeDown(): Promise<void> {
    await this.#inTurn(async () => saveSnapshot(this.#parts.snapshotPath, snapshotOf(this.truth())))
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
      if (this.#handedOver || this.#awaitsWord) return
      // All at once is one change to whoever keeps them; where one is taken, each is tried for itself.
      if (await this.#parts.listeners.openAll(this.missingPorts()).then(() => true, () => false)) return
      for (const port of this.missingPorts()) await this.#parts.listeners.open(port).catch((error: unknown) => failures.push(error))
    })
    return failures
  }

  /** Resolves when nothing is being changed. */
  async settled(): Promise<void> {
    await this.#turn
  }

  missingPorts(): number[] {
    return [...this.#parts.state.table.ports.keys()].filter((port) => !this.#parts.listeners.has(port))
  }

  /** Whether requests are taken, or will be as soon as there is an entry. */
  get serves(): boolean {
    return !this.#awaitsWord
  }

  /**
   * Opens `ports` for a table that may be adopted next, and returns those that were not open before. Throws `PORT_TAKEN`, and
   * whatever `guard` throws about what was told so far; then nothing is open that was not before.
   */
  async prepare(next: Truth, ports: readonly number[], guard: (own: Truth) => void): Promise<number[]> {
    return await this.#inTurn(async () => {
      guard(this.truth())
      for (const traffic of next.table.apps.values()) this.#checkSharedPort(traffic)
      return await this.#parts.listeners.openAll(this.#awaitsWord ? [] : ports)
    })
  }

  /** Closes what was opened for a table that is not adopted. */
  release(opened: readonly number[]): void {
    const { state, listeners } = this.#parts
    for (const port of opened) if (!state.table.ports.has(port)) listeners.close(port)
  }

  /** Makes `next` all that was told; see {@link prepare}. From the first one on ports are open: those of the table that can be. */
  async adopt(next: Truth, opened: readonly number[], guard: (own: Truth) => void): Promise<unknown[]> {
    await this.#inTurn(async () => {
      guard(this.truth())
      await this.#commit(next, opened)
    })
    // Those of a table that was prepared before the first one was adopted are not open yet either.
    if (!this.#awaitsWord && this.missingPorts().length === 0) return []
    this.#awaitsWord = false
    return await this.openAll()
  }

  async #commit(next: Truth, opened: readonly number[]): Promise<void> {
    const { state, listeners, snapshotPath, announce } = this.#parts
    try {
      await saveSnapshot(snapshotPath, snapshotOf(next))
    } catch (error) {
      for (const port of opened) listeners.close(port)
      throw error
    }
    this.#told = next
    state.swap(next.table)
    for (const port of listeners.ports()) if (!next.table.ports.has(port) && port !== this.#parts.sharedPort) listeners.close(port)
    await Promise.all([listeners.settled(), announce(servedIn(next.table))])
  }

  #checkStands(): void {
    if (this.#handedOver) throw new PlimsollError('EDGE_DOWN', 'The edge process that was asked is about to end, or another one has just taken over from it. Nothing was changed.', { hint: 'Ask again.' })
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
