import { backInPlace, blueGreen, blueGreenByCanary, blueGreenPaused, goBack, inPlace, runSteps, unproven, type AnyStep, type Journal, type Wiring } from '@plimsoll/engine'
import { PlimsollError, type CanaryStep, type Outcome, type Release, type StepLabel } from '@plimsoll/model'
import { contextOf } from './context-of.ts'
import { backInPlaceContextOf, inPlaceContextOf } from './in-place-context-of.ts'
import type { Place, PlacedServices } from './services.ts'

/** The steps that a release goes by, with what they act on. */
export interface Way {
  /** As people see the steps. */
  readonly labels: readonly StepLabel[]
  /** That what it put live can be looked after: the edge counts what users get. */
  readonly isWatched: boolean
  /** Goes it to its end, from where its journal ends. */
  readonly take: (services: PlacedServices, walk: Walk) => Promise<Outcome>
}

export interface Walk {
  readonly release: Release
  readonly fence: number
  readonly wiring: Wiring
  readonly journal: Journal
  readonly interrupted: AbortSignal
  readonly lost: AbortSignal
}

/** What of a release decides by which steps it goes. */
export type Kind = Pick<Release, 'kind' | 'paused' | 'unproven'> & { readonly canary?: readonly CanaryStep[] | undefined }

/**
 * The way of a release, by what its place can do: the same whenever it is asked for, also after a restart.
 * Throws `PLACE_CANNOT` for what a place that moves traffic by itself does not do.
 */
export function wayOf(release: Kind, { platform }: Pick<Place, 'platform'>): Way {
  if (platform === undefined) return wayBy(byTheEdge(release), { isWatched: true, contextOf })
  if (release.kind === 'rollback') return wayBy(backInPlace.steps, { isWatched: false, contextOf: (services, walk) => backInPlaceContextOf(services, platform, walk) })
  assertInPlace(release)
  const steps = release.unproven === undefined ? inPlace.steps : unproven(inPlace.steps)
  return wayBy(steps, { isWatched: false, contextOf: (services, walk) => inPlaceContextOf(services, platform, walk) })
}

function byTheEdge(release: Kind): typeof blueGreen.steps {
  if (release.kind === 'rollback') return goBack.steps
  return release.unproven === undefined ? forwards(release) : unproven(forwards(release))
}

function forwards({ canary, paused }: Kind): typeof blueGreen.steps {
  if (paused) return blueGreenPaused.steps
  return canary === undefined ? blueGreen.steps : blueGreenByCanary.steps
}

function assertInPlace({ canary, paused }: Kind): void {
  const cannot = canary !== undefined ? 'show a release to a share of the visitors' : paused ? 'let requests wait' : undefined
  if (cannot === undefined) return
  throw new PlimsollError('PLACE_CANNOT', `Where the place moves traffic by itself, Plimsoll cannot ${cannot}`)
}

interface Acting<Context> {
  readonly isWatched: boolean
  readonly contextOf: (services: PlacedServices, scope: Walk & { readonly signal: AbortSignal }) => Context
}

function wayBy<Context>(steps: readonly AnyStep<Context>[], { isWatched, contextOf: contextFor }: Acting<Context>): Way {
  return {
    isWatched,
    labels: steps.map(({ name, title, pointOfNoReturn, moment }) => ({ name, title, ...(pointOfNoReturn && { pointOfNoReturn }), ...(moment && { moment }) })),
    take: (services, walk) => runSteps({
      steps, clock: services.clock, journal: walk.journal, interrupted: walk.interrupted, lost: walk.lost,
      context: (signal) => contextFor(services, { ...walk, signal }),
    }),
  }
}
