import { sidesOf } from '../load/sides-of.ts'
import type { Visit } from '../load/start-visitors.ts'

export interface VisitScene {
  /** The release that all met when it began. */
  readonly before: number
  /** True where the release that some met was taken back. */
  readonly isBack: boolean
  /** True where what was killed may take requests with it. */
  readonly maySpill: boolean
}

/** What visitors must not meet: a failure, or a release again after another one, unless that was taken back. */
export function faultsOfVisits(visits: readonly Visit[], { before, isBack, maySpill }: VisitScene): string[] {
  const failed = visits.flatMap(({ hops }) => hops.flatMap(({ what, failure }) => (failure === undefined ? [] : [`a visitor's ${what}: ${failure.is}, ${failure.detail}`])))
  const fro = visits.map(sidesOf).filter((sides) => sides.some((release, at) => sides.indexOf(release) < at && !(isBack && isOnceMore(sides, release, before))))
  return [...(maySpill ? [] : failed), ...fro.map((sides) => `a visitor went to and fro: ${sides.join(', ')}`)]
}

function isOnceMore(sides: readonly number[], release: number, before: number): boolean {
  return release === before && sides.filter((each) => each === before).length === 2
}
