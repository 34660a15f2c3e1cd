import type { Clock } from '@plimsoll/engine'
import { writeRecord } from './durable-file.ts'
import { endProcesses } from './end-processes.ts'
import { launch, type Exit, type Launch } from './launch.ts'
import { withLock } from './lock.ts'
import { findMarked } from './markers.ts'
import { lockName, type Place } from './place.ts'
import { identify, isAlive, sameProcess, type ProcessId } from './process-table.ts'
import { readRun, type RunRecord } from './records.ts'

/** One process that is to run for as long as somebody wants it. */
export interface Kept {
  /** Its `RENDER_INSTANCE_ID`. */
  readonly id: string
  /** Where what became of it is recorded. */
  readonly runFile: string
  /** How to start it, read anew each time; undefined when nobody wants it any more. */
  wanted(): Promise<Launch | undefined>
}

export interface KeeperOptions {
  readonly place: Place
  readonly clock: Clock
  /** Told what went wrong while keeping (a full disk, say); the keeper tries again by itself. */
  readonly report: (error: unknown) => void
}

interface Child {
  readonly process: ProcessId
  readonly exit: Promise<Exit>
  known?: Exit
}

const pollMs = 500
const firstBackOffMs = 1_000
const longestBackOffMs = 30_000
/** Who ran for that long was well, and begins again with the shortest back-off. */
const goodRunMs = 60_000
const stragglerGraceMs = 2_000
const troubleMs = 5_000

/** Keeps processes running that are not bound to ours: it starts them, finds them again, and starts them anew when they end. */
export class Keeper {
  readonly #place: Place
  readonly #clock: Clock
  readonly #report: (error: unknown) => void
  readonly #watches = new Map<string, { readonly end: AbortController; readonly done: Promise<void> }>()
  readonly #children = new Map<string, Child>()

  constructor({ place, clock, report }: KeeperOptions) {
    this.#place = place
    this.#clock = clock
    this.#report = report
  }

  /** Finds the process or starts it, unless it is in its back-off; then keeps it running. Twice is once. */
  async keep(kept: Kept, signal: AbortSignal): Promise<void> {
    const run = await this.#settle(kept, signal)
    if (run === undefined || this.#watches.has(kept.id)) return
    const end = new AbortController()
    const done = this.#watch(kept, run, end.signal).finally(() => this.#watches.delete(kept.id))
    this.#watches.set(kept.id, { end, done })
  }

  /** Ends the keeping, not the process. When it resolves, nothing will be started any more. */
  async letGo(id: string): Promise<void> {
    const watch = this.#watches.get(id)
    watch?.end.abort()
    await watch?.done
  }

  /** Lets go of everything; every process goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.#watches.keys()].map((id) => this.letGo(id)))
  }

  /** The end that we, the parent, were told of and may not have recorded yet. */
  exitOf(id: string, process: ProcessId): Exit | undefined {
    const child = this.#children.get(id)
    return child !== undefined && sameProcess(child.process, process) ? child.known : undefined
  }

  async #watch(kept: Kept, first: RunRecord, signal: AbortSignal): Promise<void> {
    let run: RunRecord | undefined = first
    while (run !== undefined && !signal.aborted) {
      try {
        run = await this.#onceMore(kept, run, signal)
      } catch (error) {
        if (signal.aborted) return
        this.#report(error)
        // Only an abort ends this sleep early, and the loop sees it.
        await this.#clock.sleep(troubleMs, signal).catch(() => undefined)
      }
    }
  }

  /** From one run to the next: waits for the end, cleans up, backs off and starts. */
  async #onceMore(kept: Kept, run: RunRecord, signal: AbortSignal): Promise<RunRecord | undefined> {
    const exit = await this.#end(kept.id, run.process, signal)
    const ended = await this.#locked(kept, () => this.#noteEnd(kept, run.process, exit), signal)
    await this.#endStragglers(kept.id, signal)
    if (ended?.ended !== undefined) await this.#clock.sleep(Date.parse(ended.ended.nextStartAt) - this.#clock.now(), signal)
    return this.#settle(kept, signal)
  }

  /** Under the lock of its id, so that two keepers never start the same process twice. */
  #settle(kept: Kept, signal: AbortSignal): Promise<RunRecord | undefined> {
    return this.#locked(kept, async () => {
      const run = await readRun(kept.runFile)
      if (run !== undefined && isAlive(run.process)) return run
      const found = await this.#findLeader(kept.id)
      if (found !== undefined) return this.#noteStart(kept, found, run)
      if (run?.ended !== undefined && this.#clock.now() < Date.parse(run.ended.nextStartAt)) return run
      const how = await kept.wanted()
      if (how === undefined) return undefined
      await this.#endStragglers(kept.id, signal)
      return this.#noteStart(kept, await this.#launch(kept.id, how), run)
    }, signal)
  }

  async #launch(id: string, how: Launch): Promise<ProcessId> {
    const { id: process, exit } = await launch(this.#place, how)
    const child: Child = { process, exit }
    this.#children.set(id, child)
    // A failure is seen by whoever waits for the same promise in #end.
    exit.then((known) => (child.known = known)).catch(() => undefined)
    return process
  }

  async #end(id: string, process: ProcessId, signal: AbortSignal): Promise<Exit | undefined> {
    const child = this.#children.get(id)
    if (child !== undefined && sameProcess(child.process, process)) return orAborted(child.exit, signal)
    while (isAlive(process)) await this.#clock.sleep(pollMs, signal)
    return undefined
  }

  async #noteStart(kept: Kept, process: ProcessId, before: RunRecord | undefined): Promise<RunRecord> {
    const run: RunRecord = {
      process,
      startedAt: this.#time(),
      restarts: before === undefined ? 0 : before.restarts + 1,
      failures: before?.failures ?? 0,
    }
    await writeRecord(kept.runFile, run)
    return run
  }

  /** Another keeper may have noted the same end, or the next start already: then its word stands. */
  async #noteEnd(kept: Kept, process: ProcessId, exit: Exit | undefined): Promise<RunRecord | undefined> {
    const run = await readRun(kept.runFile)
    if (run === undefined || !sameProcess(run.process, process)) return run
    if (run.ended !== undefined && (exit === undefined || run.ended.exit !== undefined)) return run
    const wasGood = this.#clock.now() - Date.parse(run.startedAt) >= goodRunMs
    const failures = wasGood ? 1 : run.failures + 1
    const nextStartAt = this.#time(backOffMs(failures))
    const noted: RunRecord = { ...run, failures, ended: { at: this.#time(), ...(exit !== undefined && { exit }), nextStartAt } }
    await writeRecord(kept.runFile, noted)
    return noted
  }

  /** What a run leaves behind when its first process ends would hold the port of the next run. */
  async #endStragglers(id: string, signal: AbortSignal): Promise<void> {
    const find = async () => (await findMarked(this.#place)).filter(({ marker }) => marker.id === id)
    await endProcesses({ find, graceMs: stragglerGraceMs, clock: this.#clock }, signal)
  }

  async #findLeader(id: string): Promise<ProcessId | undefined> {
    const leader = (await findMarked(this.#place)).find(({ marker, pid, session }) => marker.id === id && pid === session)
    return leader && identify(leader)
  }

  #locked<T>(kept: Kept, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return withLock({ name: lockName(this.#place, kept.id), clock: this.#clock }, work, signal)
  }

  #time(laterMs = 0): string {
    return new Date(this.#clock.now() + laterMs).toISOString()
  }
}

/** 1 s after the first failure, twice as long after each further one, never above 30 s. */
export function backOffMs(failures: number): number {
  return Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.max(0, failures - 1))
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
