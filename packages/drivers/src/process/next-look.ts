/**
 * Lets callers share looks at something that changes: every answer is of a look that began after it was asked for, there is one look at a time,
 * and all who ask while one is under way share the next. A look that fails fails for those who share it.
 */
export function nextLook<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined
  let next: Promise<T> | undefined
  const begin = (): Promise<T> => {
    const begun: Promise<T> = look().finally(() => {
      if (current === begun) current = undefined
    })
    current = begun
    return begun
  }
  return () => {
    if (next !== undefined) return next
    if (current === undefined) return begin()
    next = current.catch(() => undefined).then(() => {
      next = undefined
      return begin()
    })
    return next
  }
}
