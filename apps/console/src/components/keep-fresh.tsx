'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Asks the server for the page again and again while somebody looks at it. What a person does on the page stays as it is. */
export function KeepFresh({ everyMs }: { everyMs: number }) {
  const { refresh } = useRouter()
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') refresh()
    }
    const timer = setInterval(look, everyMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [everyMs, refresh])
  return null
}
