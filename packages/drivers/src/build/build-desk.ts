import { limitConcurrency, type Limited } from './limit-concurrency.ts'

export interface Job<Result> {
  /** Jobs of the same name wait for each other. */
  readonly name: string
  /** The heaviest goes first. */
  readonly weight: number
  /** Gives the result if equal work was done before. Asked again after another job of the name has ended. */
  readonly find: () => Promise<Result | undefined>
  readonly make: () => Promise<Result>
}

/** Where builds wait for their turn. */
export interface BuildDesk {
  /** Runs `work` when nothing is pruned, and keeps pruning away until it ends. */
  enter<Result>(work: () => Promise<Result>): Promise<Result>
  /** What `find` gives, else what `make` gives, at most so many at once. Within `enter`. */
  findOrMake<Result>(job: Job<Result>, signal: AbortSignal): Promise<Result>
  /** Runs `work` while nobody is within `enter`, and lets nobody in; undefined, and no work, when somebody is. */
  whenIdle<Result>(work: () => Promise<Result>): Promise<Result | undefined>
}

/** `sweep` is done once, before anything is made. */
export function createBuildDesk({ concurrency, sweep }: { readonly concurrency: number; readonly sweep: () => Promise<void> }): BuildDesk {
  const atMost = limitConcurrency(concurrency)
  const perName = new Map<string, Limited>()
  let swept: Promise<void> | undefined
  let within = 0
  let pruning: Promise<unknown> | undefined
  return {
    async enter(work) {
      while (pruning !== undefined) await pruning
      within += 1
      try {
        return await work()
      } finally {
        within -= 1
      }
    },
    async findOrMake({ name, weight, find, make }, signal) {
      const found = await find()
      if (found !== undefined) return found
      swept ??= sweep()
      await swept
      const oneAtATime = perName.get(name) ?? limitConcurrency(1)
      perName.set(name, oneAtATime)
      return oneAtATime(async () => (await find()) ?? atMost(make, signal, weight), signal)
    },
    async whenIdle(work) {
      if (within > 0 || pruning !== undefined) return undefined
      const pruned = work()
      // Whoever asked is told of a failure; a build only waits for the end.
      pruning = pruned.catch(() => undefined).finally(() => (pruning = undefined))
      return pruned
    },
  }
}
