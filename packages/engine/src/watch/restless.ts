import type { Instance, ReleaseNumber, WatchedService } from '@plimsoll/model'
import type { Breach, Sight } from './lookout.ts'
import { nothing } from './tally.ts'

/** So often, and it is no chance. */
const mostFalls = 3
/** What has run for that long since it fell over has found its feet. */
const latelyMs = 300_000

/** Which services of a release fall over again and again, as of `now`: three times, the last of them not five minutes ago. */
export function restlessServices(instances: readonly Instance[], now: number): string[] {
  return [...new Set(instances.filter((each) => isRestless(each, now)).map(({ unit }) => unit.service))]
}

export interface Workers {
  readonly release: ReleaseNumber
  /** Services that the edge sends requests to: what they are worth shows in their answers. */
  readonly asked: readonly string[]
  /** Those that fell over again and again in the release before, too: to go back would help nobody. */
  readonly restlessBefore: readonly string[]
}

/**
 * One look at what a release runs and nobody sends requests to: workers, and private services. All that can be seen of them
 * is whether they stay up. Units that belong to an earlier release run on in both and are left out.
 */
export function lookAtWorkers({ release, asked, restlessBefore }: Workers, instances: readonly Instance[], now: number): Pick<Sight, 'breach'> & { readonly services: readonly WatchedService[] } {
  const own = instances.filter(({ unit }) => unit.release === release && !asked.includes(unit.service))
  const restless = restlessServices(own, now)
  const services = [...new Set(own.map(({ unit }) => unit.service))].map((service): WatchedService => {
    const fell = Math.max(...own.filter(({ unit }) => unit.service === service).map(falls))
    const is = !restless.includes(service) ? 'well' : restlessBefore.includes(service) ? 'as-bad' : 'worse'
    return { service, now: nothing, before: nothing, asked: 0, askedBadly: 0, is, finding: findingOf(fell) }
  })
  return { services, breach: services.filter(({ is }) => is === 'worse').map(breachOf)[0] }
}

function breachOf({ service, finding }: WatchedService): Breach {
  return { service, ailment: 'restless', finding, paths: [], p95Ms: undefined }
}

function isRestless(instance: Instance, now: number): boolean {
  return falls(instance) >= mostFalls && (isDown(instance) || now - Date.parse(instance.startedAt ?? '') < latelyMs)
}

/** How often it ended by itself since its unit was started. */
function falls(instance: Instance): number {
  return instance.restarts + (isDown(instance) ? 1 : 0)
}

function isDown({ state }: Instance): boolean {
  return state === 'backing-off' || state === 'exited'
}

function findingOf(fell: number): string {
  return fell === 0 ? 'stays up' : `fell over ${fell === 1 ? 'once' : `${fell} times`} since it was started`
}
