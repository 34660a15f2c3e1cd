import { driverNames, PlimsollError, type DriverName } from '@plimsoll/model'
import { homeIn, knownCluster } from '@plimsoll/api/launch'
import type { ConfiguredPlace } from '@plimsoll/api/places'
import { appIn, directoryIn, type AppOptions } from './app-in.ts'
import type { Session } from './session.ts'

/** What is typed to say where. */
export interface PlaceOptions extends AppOptions {
  /** The Blueprint, relative to the directory. */
  readonly file: string
  /** A driver, or a place of `plimsoll.config.ts`. */
  readonly on?: string
}

/** Where a command acts: the Plimsoll that has the place, the app there, and what belongs to it. */
export interface Placed<Options> {
  readonly session: Session
  readonly options: Omit<Options, 'on'> & { readonly on?: DriverName; readonly domains?: boolean; readonly values?: Readonly<Record<string, string>> }
}

const drivers: readonly string[] = driverNames

/** `options` for where `on` is. Throws `USAGE` for what is neither a driver nor a place, `CONFIG_INVALID`. */
export async function placedIn<Options extends PlaceOptions>(session: Session, directory: string | undefined, { on, ...options }: Options): Promise<Placed<Options>> {
  if (on === undefined) return { session, options }
  if (isDriver(on)) return { session, options: { ...options, on } }
  const place = placeCalled(on, await placesIn(session, directory, options))
  return { session: sessionOf(session, place), options: { ...options, app: place.app, on: place.driver, domains: place.domains, values: place.values } }
}

/** The places that the repository names; `app` is what their apps are called after. Throws `CONFIG_INVALID`. */
export async function placesIn(session: Session, directory: string | undefined, { file, app }: { readonly file: string; readonly app?: string | undefined }): Promise<ReadonlyMap<string, ConfiguredPlace>> {
  // Loaded here: most commands are about no place.
  const { readPlaces } = await import('@plimsoll/api/places')
  const root = directoryIn(session, directory)
  const { PATH = '', HOME = '' } = session.environment
  return readPlaces({ root, blueprint: file, app: appIn(root, app === undefined ? {} : { app }), environment: { PATH, HOME } }, session.interrupted)
}

/** Throws `USAGE` for a place that is not there, and names those that are. */
export function placeCalled(name: string, places: ReadonlyMap<string, ConfiguredPlace>): ConfiguredPlace {
  const place = places.get(name)
  if (place !== undefined) return place
  const known = [...places.keys()]
  throw new PlimsollError('USAGE', `There is no place "${name}"`, {
    hint: known.length === 0 ? 'plimsoll.config.ts names places (docs/places.md). Without any there are process, docker and render.' : `plimsoll.config.ts names ${known.join(', ')}.`,
  })
}

/** With the Plimsoll that has the place in the stead of the one that the command or its environment names. */
export function sessionOf(session: Session, place: ConfiguredPlace): Session {
  const { server } = place
  return server === undefined ? withCluster(session, place) : { ...session, server: () => session.server(server) }
}

/** Has the Plimsoll of this machine know the cluster of the place, unless the environment of the command names one, which counts more. */
function withCluster(session: Session, { name, cluster }: ConfiguredPlace): Session {
  const { environment } = session
  if (cluster === undefined || environment['PLIMSOLL_SWARM_MANAGERS'] !== undefined) return session
  if (session.server() !== undefined) {
    throw new PlimsollError('PLACE_CANNOT', `plimsoll.config.ts tells of the cluster of ${name}, and a Plimsoll of another machine is told only there`, {
      hint: 'Take managers, registry and edgeImage out of the place, and start that Plimsoll with PLIMSOLL_SWARM_MANAGERS, PLIMSOLL_SWARM_REGISTRY and PLIMSOLL_SWARM_EDGE_IMAGE: docs/swarm.md',
    })
  }
  const known = knownCluster(homeIn(environment))
  const wanted = cluster['PLIMSOLL_SWARM_MANAGERS']?.split(',') ?? []
  // A Plimsoll of this machine serves all repositories here: none of them moves the apps of another one.
  if (known !== undefined && !known.managers.some((manager) => wanted.includes(manager))) {
    throw new PlimsollError('PLACE_CANNOT', `The apps of this Plimsoll live in the cluster of ${known.managers.join(', ')}, and plimsoll.config.ts has ${name} in another one`, {
      hint: 'Give the other cluster a Plimsoll of its own (PLIMSOLL_HOME). If it is the same one under new addresses, say so once: PLIMSOLL_SWARM_MANAGERS, PLIMSOLL_SWARM_REGISTRY and PLIMSOLL_SWARM_EDGE_IMAGE in the environment of the command',
    })
  }
  return { ...session, environment: { ...environment, ...cluster } }
}

function isDriver(name: string): name is DriverName {
  return drivers.includes(name)
}
