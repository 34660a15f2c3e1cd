'use client'

import type { PresenceMessage } from '@storefront/contract'
import { useEffect, useState } from 'react'
import { atThisRelease } from '@/shop/at-this-release'

const apiUrl = process.env.NEXT_PUBLIC_API_URL
const ATTEMPTS = 5

/** How many shoppers look at this product. Nice to know: without an API to ask, nothing is shown. */
export function Presence({ slug }: { readonly slug: string }) {
  const [viewers, setViewers] = useState(1)
  useEffect(() => (apiUrl ? watch(apiUrl, slug, setViewers) : undefined), [slug])
  const others = viewers - 1
  if (others < 1) return null
  return (
    <span className="animate-rise text-sm text-soft">
      {others === 1 ? 'One other shopper is' : `${others} other shoppers are`} looking at this
    </span>
  )
}

function watch(url: string, slug: string, onViewers: (viewers: number) => void): () => void {
  let failures = 0
  let socket: WebSocket | undefined
  let again: ReturnType<typeof setTimeout> | undefined

  const connect = (): void => {
    const address = atThisRelease(`/v1/presence?product=${slug}`, url.replace(/^http/, 'ws'))
    socket = new WebSocket(address)
    socket.onmessage = (event: MessageEvent<string>) => {
      failures = 0
      onViewers((JSON.parse(event.data) as PresenceMessage).viewers)
    }
    socket.onclose = () => {
      onViewers(1)
      failures += 1
      if (failures < ATTEMPTS) again = setTimeout(connect, 500 * 2 ** failures)
    }
  }
  connect()
  return () => {
    clearTimeout(again)
    if (socket !== undefined) {
      socket.onclose = null
      socket.close()
    }
  }
}
