import { begunSteps, keptIn, unitOf, type KeptRelease } from '@plimsoll/engine'
import type { AppName, ReleaseNumber, RollbackPlan, UnitSpec } from '@plimsoll/model'
import { lastSwitchIn } from '../keep-warm.ts'
import type { Services } from '../services.ts'
import { chooseWayBack } from './choose-way-back.ts'

/** What going back to `to`, else to the release before, would do. Changes nothing. Throws as `rollBack`. */
export async function describeRollback(services: Services, wanted: { readonly app: AppName; readonly to: number | undefined }, signal: AbortSignal): Promise<RollbackPlan> {
  const { app } = wanted
  const { traffic, target } = await chooseWayBack(services, wanted, signal)
  const [from, to] = await Promise.all([recall(services, app, traffic.live.release), recall(services, app, target.number)])
  const warm = traffic.previous.some(({ release }) => release === to.release)
  const { releases } = await services.store.releases.list(app, { limit: 200 })
  const since = releases.filter(({ number }) => number > to.release).toReversed()
  const switched = lastSwitchIn(releases)
  return {
    app, from: from.release, to: to.release, warm,
    ...(warm && switched !== undefined && { warmUntil: new Date(switched + services.warmMs).toISOString() }),
    services: servicesOf(app, from, to),
    preDeploy: (await Promise.all(since.map(({ number }) => preDeployOf(services, app, number)))).flat(),
    paused: since.filter(({ paused, outcome }) => paused && (outcome?.is === 'completed' || outcome?.is === 'rolled-back')).map(({ number }) => number),
  }
}

async function recall({ store }: Services, app: AppName, release: ReleaseNumber): Promise<KeptRelease> {
  return keptIn(await store.journalOf(app, release, 0).read(), { app, release })
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

/** The pre-deploy commands that a release has begun, whatever became of it. */
async function preDeployOf({ store }: Services, app: AppName, release: ReleaseNumber): Promise<RollbackPlan['preDeploy']> {
  const past = await store.journalOf(app, release, 0).read()
  if (!begunSteps(past).has('migrate')) return []
  const { specs, keeps } = keptIn(past, { app, release })
  return specs.flatMap(({ service, preDeployCommand: command }) => (command === undefined || keeps[service] !== undefined ? [] : [{ release, service, command }]))
}
