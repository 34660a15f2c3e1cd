/** Does `work` for each item, started in order, at most `width` at a time. */
export async function inTurn<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const waiting = items.entries()
  await Promise.all(Array.from({ length: width }, async () => {
    for (const [at, item] of waiting) results[at] = await work(item)
  }))
  return results
}
