import { PlimsollError, type AppName, type ReleaseNumber, type Source, type UnitSpec } from '@plimsoll/model'
import { deploySourceOf } from './deploy-order.ts'
import { wasOwn } from './deploy-service.ts'
import type { Deploy, Platform } from './platform.ts'
import type { SettledThere } from './settled-in.ts'

export interface Settlement {
  readonly app: AppName
  readonly release: ReleaseNumber
  readonly source: Source
  readonly settled: SettledThere
}

/**
 * service → the deploy that was live when the release had settled: its own, or the one that it let serve on. Throws `NOTHING_TO_ROLL_BACK`
 * where the platform shows that one no more. Whether it still keeps what was built then shows only when it is asked to go back.
 */
export async function settledDeploys(platform: Pick<Platform, 'stands' | 'deploysAfter'>, settlement: Settlement, signal: AbortSignal): Promise<Record<string, string>> {
  const { app, settled: { specs, deployed, served } } = settlement
  const stands = await platform.stands(app, specs.map(({ service }) => service), signal)
  const found: Record<string, string> = {}
  for (const spec of specs) {
    const { service } = spec
    const left = deployed.includes(service) ? undefined : served[service] ?? undefined
    // However old it is: what serves is there.
    const serves = left !== undefined && stands[service]?.live?.id === left
    const all = serves ? [] : await platform.deploysAfter({ app, service, after: null }, signal)
    const id = serves ? left : left === undefined ? ownOf(all, spec, settlement) : all.find((deploy) => deploy.id === left)?.id
    if (id === undefined) throw notShown(settlement, spec)
    found[service] = id
  }
  return found
}

/** The oldest after the mark that went live: a later release of the same commit has its deploys after that. */
function ownOf(newestFirst: readonly Deploy[], spec: UnitSpec, { source, settled: { marks } }: Settlement): string | undefined {
  const mark = marks[spec.service] ?? null
  const at = newestFirst.findIndex(({ id }) => id === mark)
  // Without its mark it cannot be told from one of a later release.
  if (mark !== null && at < 0) return undefined
  const since = mark === null ? newestFirst : newestFirst.slice(0, at)
  const runs = deploySourceOf(spec, source)
  return since.findLast((deploy) => wasOwn(deploy, runs) && (deploy.is === 'live' || deploy.is === 'replaced'))?.id
}

function notShown({ app, release, source: { commit } }: Settlement, { service }: UnitSpec): PlimsollError {
  return new PlimsollError('NOTHING_TO_ROLL_BACK', `The deploy of ${service} that was live after release ${release} of ${app} is shown there no more`, {
    hint: commit === undefined ? 'Release again what is to run.' : `Release its commit again: git switch --detach ${commit.slice(0, 7)}, then plimsoll release`, details: { service },
  })
}
