type Given<T> = { readonly iterator: AsyncIterator<T> } & ({ readonly result: IteratorResult<T> } | { readonly error: unknown })

/** The items of all `sources` as they come; ends when all have ended, fails when one fails, and ends all when the reader stops. Each source is one item ahead at most. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const open = new Set(sources.map((source) => source[Symbol.asyncIterator]()))
  const given: Given<T>[] = []
  let wake = (): void => undefined
  const tell = (each: Given<T>): void => {
    given.push(each)
    wake()
  }
  // Each promise is waited for once. Racing them anew for each item would leave a reaction on those of quiet sources, for as long as they are quiet.
  const ask = (iterator: AsyncIterator<T>): void => void iterator.next().then((result) => tell({ iterator, result }), (error: unknown) => tell({ iterator, error }))
  for (const iterator of open) ask(iterator)
  try {
    while (open.size > 0) {
      const first = given.shift()
      if (first === undefined) await new Promise<void>((resolve) => { wake = resolve })
      else if ('error' in first) throw first.error
      else if (first.result.done === true) open.delete(first.iterator)
      else {
        ask(first.iterator)
        yield first.result.value
      }
    }
  } finally {
    // Not awaited: an iterator that waits for its next item cannot return before that comes; its signal ends it.
    for (const iterator of open) void iterator.return?.(undefined)?.catch(() => undefined)
  }
}
