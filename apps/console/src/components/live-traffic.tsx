'use client'

import { lazy, Suspense } from 'react'

/** Loaded only where something goes on: the page of a past release needs no script for its picture. */
const StreamedTraffic = lazy(async () => ({ default: (await import('./streamed-traffic.tsx')).StreamedTraffic }))

/** What users get while a release takes over, as it happens. */
export function LiveTraffic({ url, subject }: { url: string; subject: number }) {
  return <Suspense fallback={null}><StreamedTraffic url={url} subject={subject} /></Suspense>
}
