import type { Journal } from '@plimsoll/engine'
import { aroundVerbs, type Verb, type VerbCall } from '../around-verbs.ts'
import type { Place, Services } from '../services.ts'
import type { FaultPoints } from './fault-points.ts'

/** What tells one call of a verb from another, for its name. */
type Subjects<Part> = { readonly [Key in Verb<Part>]?: (...args: Part[Key] extends (...args: infer Args) => unknown ? Args : never) => string }

const nothing = (): string => ''

/**
 * `services` with a point before, during and after every call that changes something, or by which a watch looks: `driver.start web before`,
 * `journal.append done:build after`. A door for tests, which is open only where the settings name a directory for it.
 */
export function withFaults(services: Services, points: FaultPoints): Services {
  const { store } = services
  const at = <Part extends object>(name: string, part: Part, subjects: Subjects<Part>): Part => {
    return aroundVerbs(part, Object.keys(subjects) as Verb<Part>[], (call) => passing(points, pointOf(name, call, subjects), call))
  }
  const journal = (inner: Journal): Journal => at('journal', inner, { append: (_, entry) => `${entry.is}:${entry.step}` })
  const driving = (driver: Place['driver']): Place['driver'] => at('driver', driver, {
    build: ({ spec }) => spec.service, exec: ({ unit }) => unit.service, start: ({ unit }) => unit.service, stop: (_, unit) => unit.service,
  })
  const faulty = (place: Place): Place => ({
    ...place,
    driver: driving(place.driver),
    ...(place.nearby !== undefined && { nearby: { ...place.nearby, driver: driving(place.nearby.driver) } }),
    ...(place.clones !== undefined && { clones: at('clones', place.clones, { fill: ({ name }) => name }) }),
    forget: async (app) => {
      points.pass('place.forget before')
      await place.forget(app)
    },
    resources: at('resources', place.resources, { ensure: nothing, destroy: nothing }),
    ...(place.platform !== undefined && {
      platform: at('platform', place.platform, {
        survey: nothing, apply: ({ change }) => `${change.what} ${change.name}`, stands: nothing, begin: ({ service }) => service, follow: ({ service }) => service,
        cancel: ({ service }) => service, rollBack: ({ service }) => service, holdAutoDeploy: ({ service }) => service,
      }),
    }),
  })
  return {
    ...services,
    places: { ...services.places, open: async (name) => faulty(await services.places.open(name)) },
    edge: at('edge', services.edge, { shift: nothing, drain: nothing, remove: nothing, publish: ({ service }) => service, pause: nothing, quiesce: nothing, maintain: nothing, counters: nothing }),
    store: {
      ...store,
      apps: at('apps', store.apps, { put: nothing, remove: nothing }),
      previews: at('previews', store.previews, { make: nothing, beginEnd: nothing, remove: nothing }),
      releases: at('releases', store.releases, { create: nothing, update: (_, change) => change.state ?? '', noteWatch: (_, { watch }) => watch.state }),
      leases: at('leases', store.leases, { acquire: nothing }),
      keptValues: at('values', store.keptValues, { settle: nothing }),
      cronRuns: at('crons', store.cronRuns, { claim: nothing, finish: nothing }),
      journalOf: (...key) => journal(store.journalOf(...key)),
    },
  }
}

function pointOf(name: string, { verb, args }: VerbCall, subjects: object): string {
  const subject = (subjects as Readonly<Record<string, (...args: readonly unknown[]) => string>>)[verb]?.(...args) ?? ''
  return [`${name}.${verb}`, ...(subject === '' ? [] : [subject])].join(' ')
}

async function passing(points: FaultPoints, point: string, { go }: VerbCall): Promise<unknown> {
  points.pass(`${point} before`)
  const doing = go()
  points.passDuring(`${point} during`, doing)
  const given = await doing
  points.pass(`${point} after`)
  return given
}
