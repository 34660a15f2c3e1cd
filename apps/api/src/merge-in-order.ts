export interface InOrder<T> {
  /** Below zero when `one` comes before `other`. */
  readonly order: (one: T, other: T) => number
  /** Resolves when a source that has given nothing meanwhile counts as quiet. */
  readonly patience: () => Promise<unknown>
}

interface Source<T> {
  readonly iterator: AsyncIterator<T>
  /** Fulfils when `head` is set. */
  coming: Promise<void>
  head: IteratorResult<T> | undefined
  quiet: boolean
}

/**
 * The items of all `sources`, each in order itself, as one sequence in order. A quiet source is not waited for: what it gives
 * later comes later. Ends when all have ended, fails when one fails, and ends all when the reader stops.
 */
export async function* mergeInOrder<T>(sources: readonly AsyncIterable<T>[], { order, patience }: InOrder<T>): AsyncGenerator<T> {
  let open = sources.map((source) => begin(source[Symbol.asyncIterator]()))
  try {
    for (;;) {
      await settle(open, patience)
      open = open.filter(({ head }) => head?.done !== true)
      if (open.length === 0) return
      const first = firstOf(open, order)
      if (first === undefined) continue
      yield first.item
      advance(first.source)
    }
  } finally {
    // Not awaited: an iterator that waits for its next item cannot return before that comes; its signal ends it.
    for (const { iterator } of open) void iterator.return?.(undefined)?.catch(() => undefined)
  }
}

function begin<T>(iterator: AsyncIterator<T>): Source<T> {
  const source: Source<T> = { iterator, coming: Promise.resolve(), head: undefined, quiet: false }
  advance(source)
  return source
}

function advance<T>(source: Source<T>): void {
  source.head = undefined
  source.quiet = false
  source.coming = source.iterator.next().then((head) => void (source.head = head))
  // Whoever waits for it next is told; until then it is no fault of the process.
  source.coming.catch(() => undefined)
}

/** Returns when every source has its next item or is quiet, and at least one has. */
async function settle<T>(open: readonly Source<T>[], patience: () => Promise<unknown>): Promise<void> {
  const unready = open.filter(({ head, quiet }) => head === undefined && !quiet)
  if (unready.length > 0) {
    await Promise.race([Promise.all(unready.map(({ coming }) => coming)), patience()])
    for (const source of unready) source.quiet = source.head === undefined
  }
  if (open.length > 0 && open.every(({ head }) => head === undefined)) await Promise.race(open.map(({ coming }) => coming))
}

function firstOf<T>(open: readonly Source<T>[], order: InOrder<T>['order']): { readonly source: Source<T>; readonly item: T } | undefined {
  const heads = open.flatMap((source) => (source.head === undefined || source.head.done === true ? [] : [{ source, item: source.head.value }]))
  return heads.toSorted((one, other) => order(one.item, other.item))[0]
}
