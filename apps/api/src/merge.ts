/** The items of all `sources` as they come; ends when all have ended, and ends all when the reader stops. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  const pending = new Map(iterators.map((iterator) => [iterator, next(iterator)]))
  try {
    while (pending.size > 0) {
      const { iterator, result } = await Promise.race(pending.values())
      if (result.done === true) {
        pending.delete(iterator)
        continue
      }
      pending.set(iterator, next(iterator))
      yield result.value
    }
  } finally {
    // Not awaited: an iterator that waits for its next item cannot return before that comes; its signal ends it.
    for (const iterator of pending.keys()) void iterator.return?.(undefined)?.catch(() => undefined)
  }
}

async function next<T>(iterator: AsyncIterator<T>): Promise<{ readonly iterator: AsyncIterator<T>; readonly result: IteratorResult<T> }> {
  return { iterator, result: await iterator.next() }
}
