import { isPlimsollError, toProblem, type AppName, type HookTask } from '@plimsoll/model'
import type { KeptHook, WaitingTask } from '@plimsoll/store'
import { releaseBranch, verifyPull, type HookParts } from './do-task.ts'
import { endPreviewOf, previewPull } from './preview-task.ts'

/** How often it is looked whether something waits that nobody has begun: the database was away, say. */
const everyMs = 10_000

/** Does what repositories ask for: for each app one thing at a time, and of what asks for the same only the newest. */
export interface HookKeeper {
  /** Something waits. A verification of the same pull request that is under way is given up. */
  nudge(app: AppName, task: HookTask): void
  /** Takes up what waited when Plimsoll ended, and looks now and then until `signal` fires. */
  keep(signal: AbortSignal): Promise<void>
  /** Resolves when nothing is being done any more. */
  idle(): Promise<void>
  /** Lets go of what is being done, which the next start of Plimsoll does again, and returns when nothing is. */
  close(): Promise<void>
}

export function createHookKeeper(parts: HookParts, report: (error: unknown) => void): HookKeeper {
  return new Keeper(parts, report)
}

/** Whether what is being done for a pull request is worth nothing any more. */
function overtakes(newer: HookTask, older: HookTask): boolean {
  if (newer.do === 'release' || older.do === 'release' || older.do === 'end-preview' || newer.pull !== older.pull) return false
  return newer.do === 'end-preview' || newer.do === 'verify' || newer.alsoVerify
}

function done(parts: HookParts, { hook, task }: { readonly hook: KeptHook; readonly task: HookTask }, signal: AbortSignal): Promise<{ readonly why?: string; readonly release?: number; readonly verification?: string }> {
  switch (task.do) {
    case 'release':
      return releaseBranch(parts, { hook }, signal)
    case 'verify':
      return verifyPull(parts, { hook, pull: task.pull }, signal)
    case 'preview':
      return previewPull(parts, { hook, task }, signal)
    case 'end-preview':
      return endPreviewOf(parts, { hook, pull: task.pull })
  }
}

interface Going {
  /** Something came after it was last looked what waits. */
  again: boolean
  task?: HookTask
  giveUp?: AbortController
  done: Promise<void>
}

class Keeper implements HookKeeper {
  readonly #parts: HookParts
  readonly #report: (error: unknown) => void
  readonly #leaving = new AbortController()
  readonly #going = new Map<AppName, Going>()

  constructor(parts: HookParts, report: (error: unknown) => void) {
    this.#parts = parts
    this.#report = report
  }

  nudge(app: AppName, task: HookTask): void {
    const now = this.#going.get(app)
    if (now?.task !== undefined && overtakes(task, now.task)) now.giveUp?.abort(new Error('Something newer came'))
    this.#begin(app)
  }

  async keep(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts.services
    await store.hooks.takeUp().catch(this.#report)
    while (!signal.aborted) {
      const waiting = await store.hooks.waiting().catch((error: unknown) => (this.#report(error), []))
      for (const app of waiting) this.#begin(app)
      // The signal ends the wait, and the loop.
      await clock.sleep(everyMs, signal).catch(() => undefined)
    }
  }

  async idle(): Promise<void> {
    while (this.#going.size > 0) await Promise.all([...this.#going.values()].map(({ done }) => done))
  }

  async close(): Promise<void> {
    this.#leaving.abort(new Error('Plimsoll is stopping'))
    await this.idle()
  }

  #begin(app: AppName): void {
    if (this.#leaving.signal.aborted) return
    const now = this.#going.get(app)
    if (now !== undefined) return void (now.again = true)
    const going: Going = { again: false, done: Promise.resolve() }
    this.#going.set(app, going)
    going.done = this.#work(app, going).catch((error: unknown) => {
      this.#going.delete(app)
      this.#report(error)
    })
  }

  /** Until nothing waits any more. */
  async #work(app: AppName, going: Going): Promise<void> {
    for (;;) {
      going.again = false
      const next = this.#leaving.signal.aborted ? undefined : await this.#parts.services.store.hooks.take(app)
      if (next !== undefined) await this.#once(app, going, next)
      else if (!going.again || this.#leaving.signal.aborted) break
    }
    this.#going.delete(app)
  }

  async #once(app: AppName, going: Going, { delivery, task }: WaitingTask): Promise<void> {
    const { store, clock, secrets } = this.#parts.services
    const giveUp = new AbortController()
    Object.assign(going, { task, giveUp })
    const signal = AbortSignal.any([this.#leaving.signal, giveUp.signal])
    const at = (): string => new Date(clock.now()).toISOString()
    try {
      const hook = await store.hooks.find(app)
      // Removed meanwhile, and all that was said with it.
      if (hook === undefined) return
      const came = await done(this.#parts, { hook, task }, signal)
      await store.hooks.settle(app, delivery, { is: 'done', ...came, at: at() })
    } catch (error) {
      // The next start takes it up again.
      if (this.#leaving.signal.aborted) return
      const superseded = giveUp.signal.aborted
      if (!isPlimsollError(error) && !superseded) this.#report(error)
      await store.hooks.settle(app, delivery, superseded ? { is: 'superseded', why: 'Something newer came before it ended', at: at() } : { is: 'failed', why: secrets.redact(toProblem(error).message), at: at() })
    } finally {
      delete going.task
    }
  }
}
