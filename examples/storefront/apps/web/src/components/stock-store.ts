import { useSyncExternalStore } from 'react'
import { atThisRelease } from '@/shop/at-this-release'

const REOPEN_MS = 3_000

const levels = new Map<string, number>()
const listeners = new Set<() => void>()
let source: EventSource | undefined
let reopen: ReturnType<typeof setTimeout> | undefined

/** The stock as of now. One stream serves the whole page, open for as long as anybody looks. */
export function useStock(slug: string, initial: number): number {
  return useSyncExternalStore(
    subscribe,
    () => levels.get(slug) ?? initial,
    () => initial,
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (source === undefined) open()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) close()
  }
}

function open(): void {
  source = new EventSource(atThisRelease('/stock/stream', location.origin))
  source.addEventListener('hello', (event: MessageEvent<string>) => {
    const { stock } = JSON.parse(event.data) as { stock: Record<string, number> }
    for (const [slug, level] of Object.entries(stock)) levels.set(slug, level)
    announce()
  })
  source.addEventListener('stock', (event: MessageEvent<string>) => {
    const { slug, stock } = JSON.parse(event.data) as { slug: string; stock: number }
    levels.set(slug, stock)
    announce()
  })
  source.addEventListener('error', () => {
    // After an error status the browser gives up; a broken connection it mends by itself.
    if (source?.readyState !== EventSource.CLOSED) return
    close()
    reopen = setTimeout(open, REOPEN_MS)
  })
}

function close(): void {
  clearTimeout(reopen)
  source?.close()
  source = undefined
}

function announce(): void {
  for (const listener of listeners) listener()
}
