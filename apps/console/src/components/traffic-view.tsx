import type { TrafficPicture } from '@plimsoll/model'
import { useId } from 'react'
import { drawingOf, type Drawing, type Mark } from '../traffic/drawing.ts'
import { count, trafficSentence } from '../traffic/sentence.ts'
import { durationOf } from '../words/duration.ts'
import { LoadLine } from './load-line.tsx'
import { TrafficTable } from './traffic-table.tsx'

/** What users got while a release took over: drawn, said in a sentence, and as a table. `subject` is the release that took over. */
export function TrafficView({ picture, subject }: { picture: TrafficPicture; subject: number }) {
  const caption = useId()
  const drawing = drawingOf(picture)
  const ranks = { subject, before: picture.phases[0]?.live ?? null }
  return (
    <figure aria-labelledby={caption} className="p-4">
      <div className="grid gap-5">
        <Legend drawing={drawing} ranks={ranks} />
        <Panel title="Requests per second" roof={count(drawing.mostPerSecond)} drawing={drawing} withWords>
          {drawing.rates.map(({ key, d }) => <path key={key} d={d} {...strokeOf(Number(key), ranks)} />)}
        </Panel>
        <Panel title="Failed" roof={count(drawing.mostBad)} drawing={drawing} isLow>
          <path d={drawing.errors} className="fill-bad stroke-bad" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
          <path d={drawing.broken} className="fill-none stroke-warn" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
          {drawing.errors === '' && drawing.broken === '' && <path d="M0 100H1000" className="fill-none stroke-good" strokeWidth="2" vectorEffect="non-scaling-stroke" />}
        </Panel>
        <Panel title="p95: 19 of 20 answers began within" roof={`${count(drawing.mostMs)} ms`} drawing={drawing}>
          {drawing.times.map(({ key, d }) => <path key={key} d={d} {...strokeOf(Number(key), ranks)} />)}
        </Panel>
      </div>
      <figcaption id={caption} className="mt-4 text-pretty">{trafficSentence(picture)}</figcaption>
      <details className="mt-2">
        <summary className="inline-flex min-h-9 cursor-pointer items-center text-[0.875rem] text-ink-soft underline decoration-line-strong underline-offset-4 hover:decoration-current">The same in numbers</summary>
        <TrafficTable phases={picture.phases} />
      </details>
    </figure>
  )
}

interface Shown {
  readonly title: string
  /** What the upper edge stands for. */
  readonly roof: string
  readonly drawing: Drawing
  /** Whether the marks are named here. */
  readonly withWords?: boolean
  readonly isLow?: boolean
  readonly children: React.ReactNode
}

/** One measure over time. Stretched to whatever width there is; words stand beside it as text, so that they are not. */
function Panel({ title, roof, drawing, withWords = false, isLow = false, children }: Shown) {
  return (
    <div aria-hidden="true" className="min-w-0">
      <p className="mb-1 flex items-baseline justify-between gap-4 text-[0.8125rem] text-ink-soft"><span>{title}</span><span className="tnum whitespace-nowrap text-ink-faint">{roof}</span></p>
      {withWords && <MarkWords marks={drawing.marks} />}
      <div className={`relative ${isLow ? 'h-10' : 'h-28'}`}>
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible">
          <path d="M0 0H1000M0 100H1000" className="stroke-line" strokeWidth="1" vectorEffect="non-scaling-stroke" />
          {drawing.marks.map(({ at, words }) => <path key={`${at} ${words}`} d={`M${at} 0V100`} className="stroke-ink" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />)}
          {children}
        </svg>
      </div>
      <p className="tnum mt-1 flex justify-between text-[0.75rem] text-ink-faint"><span>0</span><span>{durationOf(drawing.forMs)}</span></p>
    </div>
  )
}

/** Each on a line of its own, with its end on the side that has room. */
function MarkWords({ marks }: { marks: readonly Mark[] }) {
  return marks.map(({ at, words }) => (
    <p key={`${at} ${words}`} className="relative h-5 text-[0.8125rem] leading-5">
      <span className="absolute inset-y-0 flex items-center gap-1 whitespace-nowrap" style={at > 500 ? { right: `${(1000 - at) / 10}%` } : { left: `${at / 10}%` }}>
        <LoadLine className="size-3.5" />{words}
      </span>
    </p>
  ))
}

interface Ranks {
  readonly subject: number
  /** What was live before. */
  readonly before: number | null
}

/** Told apart by weight too: the release that takes over is thick, the one before thin, and any other is dashed. */
function strokeOf(release: number, { subject, before }: Ranks) {
  const isSubject = release === subject
  return { className: isSubject ? 'stroke-busy fill-none' : 'stroke-ink-soft fill-none', strokeWidth: isSubject ? 2.5 : 1.25, strokeDasharray: isSubject || release === before ? undefined : '4 3', vectorEffect: 'non-scaling-stroke' as const }
}

function Legend({ drawing: { releases }, ranks }: { drawing: Drawing; ranks: Ranks }) {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-[0.8125rem] text-ink-soft">
      {releases.map((release) => (
        <li key={release} className="flex items-center gap-2">
          <svg viewBox="0 0 28 8" className="h-2 w-7" aria-hidden="true"><path d="M0 4H28" {...strokeOf(release, ranks)} /></svg>
          Release {release}
        </li>
      ))}
      <li className="flex items-center gap-2"><svg viewBox="0 0 8 8" className="size-2.5" aria-hidden="true"><path d="M0 0H8V8H0Z" className="fill-bad" /></svg>answered with an error</li>
      <li className="flex items-center gap-2"><svg viewBox="0 0 8 8" className="size-2.5" aria-hidden="true"><path d="M1 1H7V7H1Z" className="fill-none stroke-warn" strokeWidth="1.5" /></svg>connection broke</li>
    </ul>
  )
}
