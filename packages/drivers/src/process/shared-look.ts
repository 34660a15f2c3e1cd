/**
 * `look`, done once for all who ask before it begins. Whoever asks while it goes on shares the next one: nobody is told what was seen before they asked,
 * and however many ask at the same time, there are two looks at most.
 */
export function sharedLook<Seen>(look: () => Promise<Seen>): () => Promise<Seen> {
  let before: Promise<unknown> = Promise.resolve()
  let next: Promise<Seen> | undefined
  const begin = (): Promise<Seen> => {
    next = undefined
    const seen = look()
    // Whoever asked is told of its failure; whoever comes after it looks anew.
    before = seen.catch(() => undefined)
    return seen
  }
  return () => (next ??= before.then(begin))
}
