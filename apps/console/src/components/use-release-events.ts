import { useEffect, useReducer } from 'react'
import { beginWatch, withEvent, type Watch, type WatchEvent } from '../release/watch.ts'

/** Watches a release until its end. The browser takes a lost connection up again where it was; the server checked every event. */
export function useReleaseEvents(url: string, known: Pick<Watch, 'release' | 'journal'>): Watch {
  const [watch, tell] = useReducer(withEvent, known, beginWatch)
  const { ended } = watch
  useEffect(() => {
    if (ended) return
    const source = new EventSource(url)
    const pass = (name: 'entry' | 'line' | 'end' | 'problem') => (message: MessageEvent<string>) => {
      const id = message.lastEventId === '' ? undefined : Number(message.lastEventId)
      tell({ event: name, id, data: JSON.parse(message.data) } as WatchEvent)
    }
    source.addEventListener('open', () => tell({ event: 'open' }))
    source.addEventListener('error', () => tell({ event: 'lost' }))
    for (const name of ['entry', 'line', 'end', 'problem'] as const) source.addEventListener(name, pass(name))
    return () => source.close()
  }, [url, ended])
  return watch
}
