/** A wait that ends when nothing was heard for so long. */
export interface Hearing {
  /** Fires with what `silent` gives, or when the one that was given does. */
  readonly signal: AbortSignal
  /** Something was heard: the wait begins anew. */
  heard(): void
}

/** Does `work` for as long as it is heard of at least every `silenceMs`, however long it takes in all. */
export async function untilSilent<T>({ silenceMs, silent, work }: { readonly silenceMs: number; readonly silent: () => Error; readonly work: (hearing: Hearing) => Promise<T> }, signal: AbortSignal): Promise<T> {
  const quiet = new AbortController()
  const timer = setTimeout(() => quiet.abort(silent()), silenceMs)
  try {
    return await work({ signal: AbortSignal.any([signal, quiet.signal]), heard: () => void timer.refresh() })
  } finally {
    clearTimeout(timer)
  }
}
