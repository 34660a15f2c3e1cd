import { begunDeploysIn, plannedIn, settledDeploys, settledSteps, type Platform, type SettledThere } from '@plimsoll/engine'
import type { AppName, RollbackPlan, UnitSpec } from '@plimsoll/model'
import type { Place, Services } from '../services.ts'
import { chooseWayBackInPlace } from './choose-way-back-in-place.ts'

/** A place that moves traffic by itself. */
export interface PlaceThere extends Pick<Place, 'glance'> {
  readonly platform: Platform
}

/** What going back in place would do. It asks what was seen lately, so that whoever looks often asks Render now and then. Changes nothing. Throws as `rollBack`. */
export async function describeBackInPlace(services: Services, wanted: { readonly app: AppName; readonly to: number | undefined; readonly there: PlaceThere }, signal: AbortSignal): Promise<RollbackPlan> {
  const { app, there: { platform, glance = platform } } = wanted
  const { store } = services
  const { live, target, settled } = await chooseWayBackInPlace(services, wanted)
  const back = await settledDeploys(glance, { app, release: target.number, source: target.source, settled }, signal)
  const stands = await glance.stands(app, settled.specs.map(({ service }) => service), signal)
  const since = (await store.releases.list(app, { limit: 200 })).releases.filter(({ number, kind }) => number > target.number && kind === 'release').toReversed()
  const past = await store.manyReleases.stepsOf([live, ...since].map(({ number }) => ({ app, release: number })), settledSteps)
  return {
    app, from: live.number, to: target.number, warm: false, paused: [], inPlace: { leaves: [...platform.rollBackLeaves] },
    services: servicesOf(plannedIn(past({ app, release: live.number }))?.specs ?? [], settled, (service) => stands[service]?.live?.id === back[service]),
    preDeploy: since.flatMap(({ number: release }) => begunDeploysIn(past({ app, release })).flatMap(({ service, preDeployCommand: command }) => (command === undefined ? [] : [{ release, service, command }]))),
  }
}

function servicesOf(from: readonly UnitSpec[], { specs }: SettledThere, stays: (service: UnitSpec['service']) => boolean): RollbackPlan['services'] {
  const has = (all: readonly UnitSpec[], name: string): boolean => all.some(({ service }) => service === name)
  const kept = specs.map(({ service, kind }) => ({ service, kind, is: stays(service) ? 'stays' as const : has(from, service) ? 'changes' as const : 'returns' as const }))
  return [...kept, ...from.filter(({ service }) => !has(specs, service)).map(({ service, kind }) => ({ service, kind, is: 'goes' as const }))]
}
