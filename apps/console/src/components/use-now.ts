import { useEffect, useState } from 'react'

/** The time by the server's clock, every second while something runs. Begins with the time of the page, so that server and browser draw the same. */
export function useNow(atServer: number, ticking: boolean): number {
  const [now, setNow] = useState(atServer)
  useEffect(() => {
    if (!ticking) return
    const ahead = atServer - Date.now()
    const timer = setInterval(() => setNow(Date.now() + ahead), 1000)
    return () => clearInterval(timer)
  }, [atServer, ticking])
  return now
}
