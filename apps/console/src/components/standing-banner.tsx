import type { Release } from '@plimsoll/model'
import type { ReactNode } from 'react'
import type { Standing } from '../release/standing.ts'
import { durationOf, elapsedOf } from '../words/duration.ts'
import { Mark } from './mark.tsx'
import { SourceLine } from './source-line.tsx'
import { inkOf, washOf } from './tone-classes.ts'

interface Shown {
  readonly standing: Standing
  readonly release: Release
  readonly now: number
  readonly connection: string
  readonly children: ReactNode
}

/** The first thing to read: how the release stands and what users get. */
export function StandingBanner({ standing: { headline, assurance, tone }, release, now, connection, children }: Shown) {
  const began = Date.parse(release.startedAt)
  return (
    <section aria-label="How it stands" className={`rounded-md border p-4 sm:p-6 ${washOf[tone]}`}>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div aria-live="polite" className="min-w-0 max-w-3xl grow">
          <h1 className={`flex items-start gap-2.5 text-2xl leading-8 font-semibold tracking-tight sm:text-[1.75rem] sm:leading-9 ${inkOf[tone]}`}>
            <Mark tone={tone} className="mt-1.5 size-5 sm:mt-2" />
            <span className="min-w-0">{headline}</span>
          </h1>
          <p className="mt-1.5 text-base sm:text-lg">{assurance.join(' ')}</p>
        </div>
        <div className="flex min-h-9 flex-wrap gap-2">{children}</div>
      </div>
      <div className="mt-4 flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 text-ink-soft">
        <SourceLine source={release.source} />
        <p className="tnum whitespace-nowrap">{release.endedAt === undefined ? elapsedOf(now - began) : durationOf(Date.parse(release.endedAt) - began)}</p>
      </div>
      <p role="status" className="text-bad empty:hidden">{connection}</p>
    </section>
  )
}
