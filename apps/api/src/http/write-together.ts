/** What is written at once, at most, in characters: about what a socket takes without waiting. */
const mostAtOnce = 16_384

/** Texts for one reader, those of one turn of the event loop as one piece: hundreds of readers of many short lines cost a write for each line otherwise. */
export interface Together {
  /** Adds to what is written when this turn is over. Resolves at once, or, where the reader does not keep up, when it has caught up or `signal` fires. */
  write(text: string): Promise<void> | undefined
  /** Writes what waits. Twice is once. */
  flush(): void
}

/** What leads to a reader, as a response of Node. */
export interface Outlet {
  readonly writableNeedDrain: boolean
  write(text: string): boolean
  once(event: 'drain', go: () => void): unknown
  off(event: 'drain', go: () => void): unknown
}

export function writeTogether(raw: Outlet, signal: AbortSignal): Together {
  let waiting = ''
  let due: NodeJS.Immediate | undefined
  const flush = (): void => {
    clearImmediate(due)
    due = undefined
    if (waiting !== '') raw.write(waiting)
    waiting = ''
  }
  return {
    flush,
    write(text) {
      waiting += text
      if (waiting.length >= mostAtOnce) flush()
      else due ??= setImmediate(flush)
      return raw.writableNeedDrain ? drained(raw, signal) : undefined
    },
  }
}

function drained(raw: Outlet, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const go = (): void => {
      raw.off('drain', go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    raw.once('drain', go)
    signal.addEventListener('abort', go, { once: true })
  })
}
