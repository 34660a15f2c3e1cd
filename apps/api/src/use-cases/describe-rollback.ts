import { keptIn, keptSteps, unitOf, type KeptRelease } from '@plimsoll/engine'
import type { AppName, ReleaseNumber, RollbackPlan, UnitSpec } from '@plimsoll/model'
import { lastSwitchIn } from '../keep-warm.ts'
import { placed, type Services } from '../services.ts'
import { chooseWayBack } from './choose-way-back.ts'
import { describeBackInPlace } from './describe-back-in-place.ts'

/** What going back to `to`, else to the release before, would do. Changes nothing. Throws as `rollBack`. */
export async function describeRollback(services: Services, wanted: { readonly app: AppName; readonly to: number | undefined }, signal: AbortSignal): Promise<RollbackPlan> {
  const { app } = wanted
  const { platform, glance } = await placed(services, app)
  if (platform !== undefined) return describeBackInPlace(services, { ...wanted, there: { platform, ...(glance !== undefined && { glance }) } }, signal)
  const { traffic, target } = await chooseWayBack(services, wanted, signal)
  const { store } = services
  const ended = await store.endedReleases({ app, from: target.number, limit: 200 })
  const [past, preDeploy] = await Promise.all([
    store.manyReleases.stepsOf([traffic.live.release, target.number].map((release) => ({ app, release })), keptSteps),
    store.begunPreDeploys({ app, from: Math.max(target.number + 1, ended.at(-1)?.number ?? 0) }),
  ])
  const recall = (release: ReleaseNumber): KeptRelease => keptIn(past({ app, release }), { app, release })
  const [from, to] = [recall(traffic.live.release), recall(target.number)]
  const warm = traffic.previous.some(({ release }) => release === to.release)
  const switched = lastSwitchIn(ended)
  return {
    app, from: from.release, to: to.release, warm,
    ...(warm && switched !== undefined && { warmUntil: new Date(switched + services.warmMs).toISOString() }),
    services: servicesOf(app, from, to),
    preDeploy: [...preDeploy],
    paused: ended.toReversed().filter(({ number, paused, outcome }) => number > target.number && paused && (outcome?.is === 'completed' || outcome?.is === 'rolled-back')).map(({ number }) => number),
  }
}

function servicesOf(app: AppName, from: KeptRelease, to: KeptRelease): RollbackPlan['services'] {
  const inBoth = to.specs.map((spec) => ({ service: spec.service, kind: spec.kind, is: changeOf(app, spec, { from, to }) }))
  const gone = from.specs.filter(({ service }) => !to.specs.some((spec) => spec.service === service))
  return [...inBoth, ...gone.map(({ service, kind }) => ({ service, kind, is: 'goes' as const }))]
}

function changeOf(app: AppName, spec: UnitSpec, { from, to }: { readonly from: KeptRelease; readonly to: KeptRelease }): RollbackPlan['services'][number]['is'] {
  if (!from.specs.some(({ service }) => service === spec.service)) return 'returns'
  if (unitOf({ app }, spec, from).name === unitOf({ app }, spec, to).name) return 'stays'
  // What has no process between two requests or two runs is the same when all that makes it is.
  const isAtRest = spec.kind === 'static' || spec.kind === 'cron'
  return isAtRest && from.fingerprints[spec.service] === to.fingerprints[spec.service] ? 'stays' : 'changes'
}
