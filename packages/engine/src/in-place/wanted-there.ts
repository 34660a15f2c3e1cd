import type { Planned } from '../steps/plan.ts'
import type { InPlaceContext } from './in-place-context.ts'
import type { WantedThere } from './platform.ts'

export function wantedThere({ app, release }: Pick<InPlaceContext, 'app' | 'release'>, { blueprint, specs }: Pick<Planned, 'blueprint' | 'specs'>): WantedThere {
  return { app, source: release.source, blueprint, specs }
}
