/** What was made, and is to be unmade. */
export interface TakingDown {
  /** Told how, as soon as there is something. */
  add(undo: () => Promise<unknown>): void
  /** Unmakes all of it, what was made last first, and as much as can be: the first failure is thrown in the end. Twice is once. */
  all(): Promise<void>
}

export function takingDown(): TakingDown {
  const undoing: (() => Promise<unknown>)[] = []
  let over: Promise<void> | undefined
  const all = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const undo of undoing) await undo().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  return {
    add: (undo) => void undoing.unshift(undo),
    all: async () => (over ??= all()),
  }
}
