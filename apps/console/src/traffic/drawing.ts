import type { ReleaseTally, TrafficPhase, TrafficPicture, TrafficPoint } from '@plimsoll/model'

/** One line or row of bars: what it is, and its shape in a box of 1000 by 100. */
export interface Drawn {
  readonly key: string
  readonly d: string
}

/** Where requests begin to go elsewhere, in thousandths of the width, and what is said of it. */
export interface Mark {
  readonly at: number
  readonly words: string
}

/** A picture as it is drawn: everything that follows from numbers, nothing of colours. */
export interface Drawing {
  readonly releases: readonly number[]
  readonly rates: readonly Drawn[]
  readonly mostPerSecond: number
  readonly times: readonly Drawn[]
  readonly mostMs: number
  readonly errors: string
  readonly broken: string
  readonly mostBad: number
  readonly marks: readonly Mark[]
  readonly forMs: number
}

const [width, height] = [1000, 100]

export function drawingOf({ points, phases }: TrafficPicture): Drawing {
  const begin = Date.parse(points[0]?.from ?? '') || 0
  const forMs = Math.max(1, endOf(points.at(-1)) - begin)
  const x = (at: number): number => round(((at - begin) / forMs) * width)
  const releases = [...new Set(points.flatMap((point) => point.releases.map(({ release }) => release)))].toSorted((a, b) => a - b)
  const mostPerSecond = roof(Math.max(1, ...points.map((point) => Math.max(0, ...point.releases.map((tally) => rateOf(tally, point))))))
  const mostMs = roof(Math.max(10, ...points.flatMap((point) => point.releases.map(({ p95Ms }) => p95Ms ?? 0))))
  const bad = (point: TrafficPoint, what: 'errors' | 'broken'): number => point.releases.reduce((sum, tally) => sum + tally[what], 0)
  const mostBad = Math.max(1, ...points.map((point) => bad(point, 'errors') + bad(point, 'broken')))
  const bars = (what: 'errors' | 'broken', below: (point: TrafficPoint) => number): string => points.filter((point) => bad(point, what) > 0).map((point) => bar(point, { x, from: below(point) / mostBad, to: (below(point) + bad(point, what)) / mostBad })).join('')
  return {
    releases, forMs, mostPerSecond, mostMs, mostBad,
    rates: releases.map((release) => ({ key: String(release), d: steps(points, { x, most: mostPerSecond, of: asked(points, release) }) })),
    times: releases.map((release) => ({ key: String(release), d: steps(points, { x, most: mostMs, of: (point) => tallyIn(point, release)?.p95Ms ?? undefined }) })),
    errors: bars('errors', () => 0),
    broken: bars('broken', (point) => bad(point, 'errors')),
    marks: phases.slice(1).map((phase, i) => ({ at: Math.min(width, Math.max(0, x(Date.parse(phase.from)))), words: markWords(phase, phases[i]) })),
  }
}

/** What changed for users when `phase` began. */
export function markWords({ live, canary }: TrafficPhase, before: TrafficPhase | undefined): string {
  if (canary !== null) return `${shareWords(canary.share)} meet release ${canary.release}`
  if (live === null) return 'nothing is live'
  if (before?.live === live) return `all back on release ${live}`
  return (before?.live ?? 0) > live ? `back to release ${live}` : `release ${live} live`
}

export function shareWords(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

function tallyIn(point: TrafficPoint, release: number): ReleaseTally | undefined {
  return point.releases.find((tally) => tally.release === release)
}

/** Nothing from before a release was asked first, and after it was asked last: there it is not at zero, but not there. */
function asked(points: readonly TrafficPoint[], release: number): Stepping['of'] {
  const [first, last] = [points.find((point) => tallyIn(point, release)), points.findLast((point) => tallyIn(point, release))]
  return (point) => (first === undefined || last === undefined || point.from < first.from || point.from > last.from ? undefined : rateOf(tallyIn(point, release), point))
}

function rateOf(tally: ReleaseTally | undefined, { forMs }: TrafficPoint): number {
  return tally === undefined ? 0 : (tally.requests / forMs) * 1_000
}

function endOf(point: TrafficPoint | undefined): number {
  return point === undefined ? 0 : Date.parse(point.from) + point.forMs
}

interface Stepping {
  readonly x: (at: number) => number
  readonly most: number
  /** Undefined where there is nothing to draw. */
  readonly of: (point: TrafficPoint) => number | undefined
}

/** A level for each stretch of time: a line between two middles would show what nobody has measured. */
function steps(points: readonly TrafficPoint[], { x, most, of }: Stepping): string {
  let d = ''
  let drawn = false
  for (const point of points) {
    const value = of(point)
    const y = value === undefined ? 0 : round(height - (value / most) * height)
    if (value !== undefined) d += `${drawn ? 'L' : 'M'}${x(Date.parse(point.from))} ${y}L${x(endOf(point))} ${y}`
    drawn = value !== undefined
  }
  return d
}

/** At least wide enough to be seen. */
function bar(point: TrafficPoint, { x, from, to }: { readonly x: (at: number) => number; readonly from: number; readonly to: number }): string {
  const left = x(Date.parse(point.from))
  const right = Math.max(x(endOf(point)), left + 3)
  return `M${left} ${round(height - from * height)}V${round(height - to * height)}H${right}V${round(height - from * height)}Z`
}

/** The next number above that is easy to read: 1, 2 or 5 times a power of ten. */
function roof(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((times) => times * power).find((each) => each >= most * 0.999) ?? most
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
