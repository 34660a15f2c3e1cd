'use client'

import type { Problem, TrafficEvent, TrafficPicture } from '@plimsoll/model'
import { useRouter } from 'next/navigation'
import { useEffect, useReducer } from 'react'
import { withTrafficEvent } from '../traffic/with-event.ts'
import { TrafficView } from './traffic-view.tsx'

interface Known {
  readonly picture: TrafficPicture | undefined
  /** Why nothing new comes. */
  readonly trouble: string
}

type Told = TrafficEvent | { readonly event: 'problem'; readonly data: Problem } | { readonly event: 'lost' }

/** What users get while a release takes over, as it happens; at its end the page is made again, and shows what was kept. */
export function StreamedTraffic({ url, subject }: { url: string; subject: number }) {
  const [{ picture, trouble }, tell] = useReducer(withTold, { picture: undefined, trouble: '' })
  const { refresh } = useRouter()
  useEffect(() => {
    const source = new EventSource(url)
    const pass = (event: 'picture' | 'point' | 'end' | 'problem') => (message: MessageEvent<string>) => {
      tell({ event, data: JSON.parse(message.data) } as Told)
      if (event !== 'end') return
      source.close()
      refresh()
    }
    for (const event of ['picture', 'point', 'end', 'problem'] as const) source.addEventListener(event, pass(event))
    source.addEventListener('error', () => tell({ event: 'lost' }))
    return () => source.close()
  }, [url, refresh])
  return (
    <>
      <p role="status" className="px-4 pt-3 text-warn empty:hidden">{trouble}</p>
      {picture === undefined || picture.points.length === 0 ? <p className="px-4 py-3 text-ink-soft">Nothing has been seen yet.</p> : <TrafficView picture={picture} subject={subject} />}
    </>
  )
}

function withTold({ picture }: Known, told: Told): Known {
  if (told.event === 'lost') return { picture, trouble: 'The connection was lost. Trying again; nothing is lost of what is counted.' }
  if (told.event === 'problem') return { picture, trouble: `${told.data.message}. Trying again.` }
  return { picture: withTrafficEvent(picture, told), trouble: '' }
}
