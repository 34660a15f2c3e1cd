import { unitOf, type Driver, type Needed } from '@plimsoll/engine'
import { isPlimsollError, type AppName, type Instance, type InstanceNeeds, type InstanceView, type RunningInstances, type Traffic } from '@plimsoll/model'
import { askPlace } from '../ask-place.ts'
import { recallRelease } from '../recall-release.ts'
import { placed, type Services } from '../services.ts'
import { findApp } from './find-app.ts'

/** Between the two readings that a need of processor time is worked out of: shorter would be coarse, longer would be waited for. */
const betweenMs = 400
/** A place that was there a moment ago, and measures no faster, is not waited for: instances are shown without their needs. */
const patienceMs = 5_000

/** Every instance of an app, as it stands now. Throws `NOT_FOUND`, `EDGE_DOWN`. */
export async function listInstances(services: Services, name: AppName, signal: AbortSignal): Promise<RunningInstances> {
  const app = await findApp(services, name)
  const [traffic, asked] = await Promise.all([services.edge.live(name, signal), askPlace(services, app, signal)])
  const at = new Date(services.clock.now()).toISOString()
  if (asked.problem !== undefined) return { at, instances: [], measured: false, placeProblem: asked.problem }
  const { driver } = await placed(services, name)
  const [needs, liveUnits] = await Promise.all([asked.instances.length === 0 ? new Map<string, InstanceNeeds>() : needsOf(services, { driver, app: name }, signal), liveUnitsOf(services, name, traffic)])
  const views = asked.instances.map((instance): InstanceView => {
    const own = needs.get(instance.id)
    return { ...instance, serves: liveUnits.has(instance.unit.name) ? 'live' : servesAs(instance, traffic), ...(own !== undefined && { needs: own }) }
  })
  return { at, instances: views.toSorted(inOrder), measured: driver.can.measure }
}

/** instance → what it needs now. */
async function needsOf({ clock }: Pick<Services, 'clock'>, { driver, app }: { readonly driver: Driver; readonly app: AppName }, signal: AbortSignal): Promise<ReadonlyMap<string, InstanceNeeds>> {
  if (!driver.can.measure) return new Map()
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const first = new Map((await driver.measure(app, patience)).map((needed) => [needed.instance, needed]))
    await clock.sleep(betweenMs, patience)
    const second = await driver.measure(app, patience)
    return new Map(second.flatMap((now) => {
      const before = first.get(now.instance)
      return before === undefined ? [] : [[now.instance, between(before, now)] as const]
    }))
  } catch (error) {
    signal.throwIfAborted()
    if (patience.aborted || isPlimsollError(error)) return new Map()
    throw error
  }
}

/** Processor time that fell is that of an instance which was started again. */
function between(before: Needed, { at, cpuMs, memoryBytes, memoryLimitBytes }: Needed): InstanceNeeds {
  const cpu = Math.max(0, cpuMs - before.cpuMs) / Math.max(1, at - before.at)
  return { cpu: Math.round(cpu * 1_000) / 1_000, memoryBytes: Math.round(memoryBytes), ...(memoryLimitBytes !== undefined && { memoryLimitBytes }) }
}

/** Also those of earlier releases that it keeps, because nothing of their service has changed. */
async function liveUnitsOf({ store }: Pick<Services, 'store'>, app: AppName, traffic: Traffic | undefined): Promise<ReadonlySet<string>> {
  if (traffic === undefined) return new Set()
  const { release } = traffic.live
  try {
    const kept = await recallRelease(store, { app, release })
    return new Set(kept.specs.map((spec) => unitOf({ app }, spec, kept).name))
  } catch (error) {
    // The edge can serve what the store has forgotten; then the numbers of releases have to do.
    if (isPlimsollError(error) && error.code === 'NOT_FOUND') return new Set()
    throw error
  }
}

function servesAs({ unit: { release } }: Instance, traffic: Traffic | undefined): InstanceView['serves'] {
  if (traffic?.live.release === release) return 'live'
  if (traffic?.canary?.release.release === release) return 'canary'
  return traffic?.previous.some((previous) => previous.release === release) === true ? 'warm' : 'other'
}

const order: readonly InstanceView['serves'][] = ['live', 'canary', 'other', 'warm']

function inOrder(one: InstanceView, other: InstanceView): number {
  return order.indexOf(one.serves) - order.indexOf(other.serves) || one.unit.service.localeCompare(other.unit.service) || one.id.localeCompare(other.id)
}
