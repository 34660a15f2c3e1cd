import { finishedSteps, keptIn, keptSteps, type KeptRelease } from '@plimsoll/engine'
import { isPlimsollError, type JournalEntry, type Release, type ResourceView } from '@plimsoll/model'
import type { ReleaseKey, Store } from '@plimsoll/store'
import { resourcesIn } from './resources-in.ts'

/** What a release is made of, as far as its journal says. */
export interface MadeOf {
  /** Undefined for one that was never built. */
  readonly kept: KeptRelease | undefined
  readonly resources: readonly ResourceView[]
}

type ManyReleases = Pick<Store['manyReleases'], 'stepsOf'>

/** More than there are apps on one installation: of each, one release is live. */
const mostRemembered = 500
/** By store, app, number and beginning: an app that was destroyed and made anew counts its releases from 1 again. */
const remembered = new WeakMap<ManyReleases, Map<string, MadeOf>>()

/**
 * What each of `releases` is made of; what the store has nothing of is made of nothing. A release whose steps have all given what is read here is read
 * once: a step that has ended is not taken again.
 */
export async function madeOf(store: ManyReleases, releases: readonly Release[]): Promise<(release: Release) => MadeOf> {
  const known = remembered.get(store) ?? new Map<string, MadeOf>()
  remembered.set(store, known)
  const unread = releases.filter((release) => !known.has(keyOf(release)))
  const past = await store.stepsOf(unread.map(whichOf), keptSteps)
  const found = new Map(releases.map((release): [string, MadeOf] => {
    const key = keyOf(release)
    const journal = past(whichOf(release))
    const made = known.get(key) ?? { kept: builtBy(journal, whichOf(release)), resources: resourcesIn(journal) }
    if (known.delete(key) || keptSteps.every((step) => finishedSteps(journal).has(step))) known.set(key, made)
    return [key, made]
  }))
  for (const key of [...known.keys()].slice(0, Math.max(0, known.size - mostRemembered))) known.delete(key)
  return (release) => found.get(keyOf(release)) ?? { kept: undefined, resources: [] }
}

function keyOf({ app, number, startedAt }: Release): string {
  return `${app}/${number}/${startedAt}`
}

function whichOf({ app, number }: Release): ReleaseKey {
  return { app, release: number }
}

function builtBy(past: readonly JournalEntry[], which: ReleaseKey): KeptRelease | undefined {
  try {
    return keptIn(past, which)
  } catch (error) {
    // The edge can serve what was never built by this journal; the app is shown without its services then.
    if (isPlimsollError(error) && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
