import { setTimeout as delay } from 'node:timers/promises'
import { PlimsollError, toProblem } from '@plimsoll/model'
import type { Parts } from '../start-edge.ts'
import { allRead } from '../proxy/all-read.ts'
import { drainAll } from '../proxy/drain.ts'
import { elderVerbs } from './elder.ts'
import { type HeirKeeper, keepHeir } from './keep-heir.ts'
import { type Heir, type HeirProgram, startHeir } from './start-heir.ts'

export interface EdgeLifeOptions {
  readonly parts: Parts
  /** What a heir runs; without it there is none, and the edge is not replaced. */
  readonly heirProgram: HeirProgram | undefined
  /** How long answers under way are waited for when the edge stops. */
  readonly stopGraceMs: number
  /** When it stops, connections without a request stay open for so long before they are closed: who has just sent on one is answered, and told to come back on another. */
  readonly idleGraceMs: number
  readonly log: (line: string) => void
  /** The last thing but the process: lets go of the home. `replaced` when another process has it. */
  readonly letGo: (end: { readonly replaced: boolean }) => Promise<void>
}

/** Another program to go on with. */
export interface Successor {
  readonly program: HeirProgram
  /** How long answers, streams and sockets under way may take before they are cut. */
  readonly graceMs: number
}

const serveMs = 20_000
const farewellMs = 2_000
/** How often it is looked whether all have left. */
const lookMs = 50
/** How long connections that have come already are taken before it listens no more. */
const takeMs = 5_000

/** How an edge that serves comes to its end: it is stopped, replaced, or killed, and then its heir goes on. */
export class EdgeLife {
  readonly #options: EdgeLifeOptions
  readonly #hurry = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  #heirs: HeirKeeper | undefined
  #closing = false
  #replaced: Promise<number> | undefined

  constructor(options: EdgeLifeOptions) {
    this.#options = options
  }

  /** The edge serves: from now on it has a heir. */
  begin(): void {
    this.#keepHeir()
  }

  /** Resolves when nothing of the edge is left in this process. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  heirPid(): number | undefined {
    return this.#heirs?.pid()
  }

  /** Stops for good; one that leaves already hurries. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true
      this.#hurry.resolve()
      if (this.#replaced === undefined || !(await this.#replaced.then(() => true, () => false))) await this.#stop()
    }
    await this.ended
  }

  /** Hands everything over to another program, and returns its process when it serves. Called twice, hands over once. When it throws, this process serves on. */
  async replace(successor: Successor): Promise<number> {
    if (this.#heirs === undefined || this.#closing) throw new PlimsollError('EDGE_DOWN', 'This edge is not replaced: it is about to end.', { hint: 'Ask again.' })
    this.#replaced ??= this.#handOver(successor).catch((error: unknown) => {
      this.#replaced = undefined
      throw error
    })
    return await this.#replaced
  }

  async #handOver({ program, graceMs }: Successor): Promise<number> {
    const { parts, log } = this.#options
    const verbs = elderVerbs({ follow: async (served) => parts.keeper.follow(served), drain: parts.edge.drain, quiesce: async (request) => parts.edge.quiesce(request, new AbortController().signal), counters: async (app) => parts.edge.counters(app, new AbortController().signal), end: () => void this.close() })
    const heir = await startHeir({ program, sockets: parts.sockets, verbs }, new AbortController().signal)
    await this.#heirs?.end()
    // Both write to it for a while; from now on the one that serves puts it aside when it is full.
    await parts.accessLog.turns(false)
    try {
      await parts.keeper.handOver(async () => heir.talk.ask({ verb: 'serve', limitMs: serveMs }))
    } catch (error) {
      heir.kill()
      await heir.ended
      // One that could not read the table has put it aside.
      await parts.keeper.writeDown()
      await parts.accessLog.turns(true)
      this.#keepHeir()
      throw error
    }
    log(`replaced by the edge with pid ${heir.pid}`)
    void this.#leave(heir, graceMs)
    return heir.pid
  }

  #keepHeir(): void {
    const { heirProgram, parts, log } = this.#options
    this.#heirs = heirProgram === undefined ? undefined : keepHeir({ program: heirProgram, sockets: parts.sockets }, log)
  }

  async #stop(): Promise<void> {
    const { parts, stopGraceMs, idleGraceMs } = this.#options
    parts.keeper.end()
    await this.#heirs?.end()
    if (idleGraceMs > 0) await endIdle(parts, idleGraceMs)
    await Promise.all([stopServing(parts, stopGraceMs), parts.elder?.end()])
    await this.#options.letGo({ replaced: false })
    this.#ended.resolve()
  }

  /** Takes no connection any more, and ends when those that it has are done. */
  async #leave(heir: Heir, graceMs: number): Promise<void> {
    const { parts, stopGraceMs } = this.#options
    parts.sockets.keepToItself()
    // Without a successor nobody tells of a new table: nothing new is taken, and what is under way is ended.
    void heir.talk.over.then(() => parts.listeners.closeIdle())
    const graceEnded = new AbortController()
    const inTime = await Promise.race([
      parts.listeners.leave().then(() => true),
      delay(graceMs, false, { signal: graceEnded.signal, ref: false }),
      this.#hurry.promise.then(() => false),
    ])
    graceEnded.abort()
    if (!inTime) await stopServing(parts, this.#closing ? stopGraceMs : 0)
    if (this.#closing) await parts.elder?.end()
    await parts.elder?.gone
    // It ends in any case.
    await this.#sayFarewell(heir).catch((error: unknown) => this.#options.log(toProblem(error).message))
    await this.#options.letGo({ replaced: true })
    this.#ended.resolve()
  }

  /** Counts only ever grow, over a replacement too. */
  async #sayFarewell({ talk }: Heir): Promise<void> {
    const { state, edge } = this.#options.parts
    const apps = [...state.table.apps.keys()]
    const pairs = await Promise.all(apps.map(async (app) => [app, await edge.counters(app, new AbortController().signal)] as const))
    // A successor that has died by now counts from zero.
    await talk.ask({ verb: 'farewell', body: Object.fromEntries(pairs), limitMs: farewellMs }).catch(() => undefined)
  }
}

/** Stops listening, and closes connections as they come to their end, or when they were idle until then. */
async function endIdle({ listeners, clients }: Parts, graceMs: number): Promise<void> {
  await takeWaiting(clients)
  const over = new AbortController()
  const empty = listeners.leave()
  clients.retire(graceMs)
  await Promise.race([empty, delay(graceMs, undefined, { signal: over.signal })])
  over.abort()
  // What was sent on one of them while this process had no time has to be read first.
  await allRead()
  listeners.closeIdle()
}

/**
 * Connections that the kernel has taken and this process has not yet would be reset when it listens no more. A turn of the loop takes one for each port, and where the
 * machine has too much to do hundreds may wait. Where they never end some are lost.
 */
async function takeWaiting(clients: Pick<Parts['clients'], 'admitted'>): Promise<void> {
  const until = performance.now() + takeMs
  for (let before = -1; before !== clients.admitted && performance.now() < until;) {
    before = clients.admitted
    await allRead()
  }
}

/** Stops listening, lets answers under way end, cuts the rest. */
async function stopServing({ state, listeners, clients }: Parts, graceMs: number): Promise<void> {
  for (const port of listeners.ports()) listeners.close(port)
  const underWay = () => [...state.table.apps.keys()].flatMap((app) => state.gatesOf(app)).flatMap((gate) => [...gate.exchanges])
  const until = performance.now() + graceMs
  // On a connection on which nothing was sent yet a request may still come, as long as there are others, and on one whose client was not told to leave it.
  for (;;) {
    await drainAll(underWay(), { requestGraceMs: Math.max(0, until - performance.now()), streamGraceMs: 0 }, new AbortController().signal)
    if ((underWay().length === 0 && clients.retiring === 0) || performance.now() >= until) break
    await delay(lookMs)
  }
  await listeners.destroy()
}
