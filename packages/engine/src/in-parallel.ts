/** What can be told to end. */
interface Interruptible {
  readonly signal: AbortSignal
}

/**
 * Does `work` for all `items` at once and gives what it gave, in their order. The first failure ends the others through the
 * signal that each is given, and is thrown once none of them runs any more: a step that failed is over when its undo begins.
 */
export async function inParallel<Context extends Interruptible, Item, Result>(
  context: Context,
  items: readonly Item[],
  work: (item: Item, context: Context) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController()
  const each = { ...context, signal: AbortSignal.any([context.signal, failed.signal]) }
  return allSettled(items.map((item) => work(item, each).catch((reason: unknown) => {
    failed.abort(reason)
    throw failed.signal.reason
  })))
}

/** Waits for all of `work` whatever becomes of each; then gives what they gave, or throws what the first of them threw. */
export async function allSettled<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
