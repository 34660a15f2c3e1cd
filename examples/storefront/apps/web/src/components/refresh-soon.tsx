'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const TRIES = 5
const PAUSE_MS = 800

/** Asks for the page again until what it waits for is there: then this is no longer part of it. */
export function RefreshSoon() {
  const router = useRouter()
  useEffect(() => {
    let tries = 0
    const timer = setInterval(() => {
      tries += 1
      router.refresh()
      if (tries === TRIES) clearInterval(timer)
    }, PAUSE_MS)
    return () => clearInterval(timer)
  }, [router])
  return null
}
