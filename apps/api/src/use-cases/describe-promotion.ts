import type { KeptRelease } from '@plimsoll/engine'
import type { AppName, PlaceDifference, PromotionPlan, Source } from '@plimsoll/model'
import { builtInAddresses } from '../changes/built-in-addresses.ts'
import { builtIntoArtifacts, placeDifferences } from '../changes/place-differences.ts'
import { builtInside } from '../promoted-build.ts'
import type { Services } from '../services.ts'
import { liveRelease } from '../verify/live-release.ts'
import { readBlueprint } from '../wiring.ts'
import { findPromotable } from './find-promotable.ts'
import { findRelease } from './watch-release.ts'

interface Wanted {
  readonly app: AppName
  readonly from: AppName
  /** What is to be set before it starts, and counts as set. */
  readonly values: Readonly<Record<string, string>>
}

/** What promoting what is live in `from` would put live in `app`. Changes nothing. Throws as {@link findPromotable}, and `NOT_PROMOTABLE` for variables that are built into the artifacts. */
export async function describePromotion(services: Services, { app, from, values }: Wanted, signal: AbortSignal): Promise<PromotionPlan> {
  const { live, source } = await findPromotable(services, { app, from }, signal)
  const before = await liveRelease(services, app, signal)
  const variables = await differencesOf(services, { app, from, values }, { live, source, before })
  const { commit, subject } = source
  return {
    app, from: { app: from, release: live.release }, commit, ...(subject !== undefined && { subject }),
    commits: await commitsSince(services, { app, before, source }, signal),
    artifacts: Object.values(live.artifacts).map(({ service, digest }) => ({ service, digest, isLive: before?.artifacts[service]?.digest === digest })),
    variables,
  }
}

interface Between {
  readonly live: KeptRelease
  readonly source: Source
  /** What is live where it goes to. */
  readonly before: KeptRelease | undefined
}

/** Which variables differ, by name. Throws `NOT_PROMOTABLE` where the artifacts hold one of them, or an address that is another one there. */
export async function differencesOf({ store }: Pick<Services, 'store'>, { app, from, values }: Wanted, { live, source, before }: Between): Promise<PlaceDifference[]> {
  const blueprint = readBlueprint(live.blueprint, source.blueprint)
  const [there, here] = await Promise.all([store.keptValues.values(from), store.keptValues.values(app)])
  const differences = placeDifferences(blueprint, { from: there, to: { ...here, ...values } })
  const addresses = before === undefined ? [] : builtInAddresses({ ...live, blueprint }, { ...before, blueprint: readBlueprint(before.blueprint, source.blueprint) })
  const inside = [...builtIntoArtifacts(blueprint, differences).map(({ service, key }) => `${key} of ${service}`), ...addresses]
  if (inside.length > 0) throw builtInside([...new Set(inside)])
  return differences
}

async function commitsSince(services: Services, { app, before, source }: { readonly app: AppName; readonly before: KeptRelease | undefined; readonly source: Source }, signal: AbortSignal): Promise<PromotionPlan['commits']> {
  if (before === undefined) return { is: 'not known', why: 'Nothing is live there yet' }
  const { source: since } = await findRelease(services, app, before.release)
  const range = await services.readCommits({ source, since }, signal)
  if (range.is === 'not known') return range
  return { is: 'known', added: range.added, dropped: range.dropped, caveats: range.isShallow ? ['The clone is shallow, so that commits may be missing'] : [] }
}
