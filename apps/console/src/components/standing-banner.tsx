import type { Release } from '@plimsoll/model'
import type { ReactNode } from 'react'
import type { Standing } from '../release/standing.ts'
import type { TimelineStep } from '../release/timeline.ts'
import { durationOf, elapsedOf } from '../words/duration.ts'
import type { Tone } from '../words/tone.ts'
import { LoadLine } from './load-line.tsx'
import { inkOf } from './tone-classes.ts'

interface Shown {
  readonly standing: Standing
  readonly release: Release
  readonly steps: readonly TimelineStep[]
  readonly now: number
  readonly connection: string
  /** What it releases. */
  readonly about: ReactNode
  /** What can be done about it. */
  readonly children: ReactNode
}

/** The first thing to read: how the release stands and what users get. Under it the load line, drawn as far as the release has come. */
export function StandingBanner({ standing: { headline, assurance, why, tone }, release, steps, now, connection, about, children }: Shown) {
  const done = steps.filter(({ progress }) => progress === 'done').length
  return (
    <section aria-label="How it stands">
      <div className="flex flex-wrap items-start justify-between gap-x-10 gap-y-4">
        <div aria-live="polite" className="max-w-4xl min-w-0">
          <h1 className={`text-[1.75rem] leading-9 font-semibold tracking-tight sm:text-[2.25rem] sm:leading-11 ${inkOf[tone]}`}>{headline}</h1>
          <p className="mt-1.5 text-base text-pretty sm:text-lg">{assurance.join(' ')}</p>
          {why !== undefined && <p className="mt-1.5 break-words text-ink-soft">{why}</p>}
        </div>
        <div className="flex flex-wrap gap-2 empty:hidden sm:mt-1.5">{children}</div>
      </div>
      <Progress share={tone === 'busy' ? done / steps.length : 1} tone={tone} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 text-ink-soft">
        {about}
        <p className="tnum whitespace-nowrap">{tone === 'busy' && `Step ${Math.min(done + 1, steps.length)} of ${steps.length}, `}{tookOf(release, now)}</p>
      </div>
      <p role="status" className="text-bad empty:hidden">{connection}</p>
    </section>
  )
}

function Progress({ share, tone }: { share: number; tone: Tone }) {
  return (
    <div aria-hidden="true" className={`relative my-3 h-9 ${inkOf[tone]}`}>
      <span className="absolute inset-x-0 top-1/2 h-[3.75px] -translate-y-1/2 bg-line" />
      <span className="absolute left-0 top-1/2 h-[3.75px] -translate-y-1/2 bg-current transition-[width] duration-500 motion-reduce:transition-none" style={{ width: `calc(2.25rem + (100% - 2.25rem) * ${share})` }} />
      <LoadLine className="absolute left-4 size-9 sm:left-8" />
    </div>
  )
}

function tookOf({ startedAt, endedAt }: Release, now: number): string {
  const began = Date.parse(startedAt)
  return endedAt === undefined ? elapsedOf(now - began) : durationOf(Date.parse(endedAt) - began)
}
