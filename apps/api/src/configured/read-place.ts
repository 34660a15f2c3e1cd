import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { appNameSchema, PlimsollError, type AppName, type DriverName } from '@plimsoll/model'
import { readConfig } from '@plimsoll/verify/config'
import { askedOf } from '../environment/stand-ins.ts'
import { readBlueprint } from '../wiring.ts'
import { clusterOf } from './cluster-of.ts'
import { configInvalid } from './config-invalid.ts'
import { keysFor, placeMistakes } from './place-mistakes.ts'

const limitMs = 30_000

export interface PlaceReading {
  /** The directory of the Blueprint. */
  readonly root: string
  /** Relative to `root`. */
  readonly blueprint: string
  /** The name of the app where no place is named. */
  readonly app: string
  /** All that the configuration gets to see. */
  readonly environment: Readonly<Record<string, string>>
}

/** Where an app can live, as its repository says. */
export interface ConfiguredPlace {
  readonly name: string
  readonly driver: DriverName
  /** The name of the app there. */
  readonly app: AppName
  readonly server: string | undefined
  /** Whether it answers to the custom domains of the Blueprint. */
  readonly domains: boolean
  /** The variables by which a Plimsoll of this machine is told of its cluster; undefined where nothing is said of one. */
  readonly cluster: Readonly<Record<string, string>> | undefined
  /** Its own variables, by the keys under which they are kept. */
  readonly values: Readonly<Record<string, string>>
}

/** The places that `plimsoll.config.ts` names, by name. Throws `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, and `CONFIG_INVALID` with all mistakes in `details.diagnostics`. */
export async function readPlaces({ root, blueprint, app, environment }: PlaceReading, signal: AbortSignal): Promise<ReadonlyMap<string, ConfiguredPlace>> {
  const text = await readFile(join(root, blueprint), 'utf8').catch(() => {
    throw new PlimsollError('NO_BLUEPRINT', `There is no ${blueprint} in ${root}`, { hint: 'Name the directory that has one: plimsoll release DIRECTORY' })
  })
  const asked = askedOf(readBlueprint(text, blueprint))
  const read = await readConfig({ root, environment, limitMs, mistakes: ({ places }) => placeMistakes(places, asked, (name) => places[name]?.app ?? `${app}-${name}`) }, signal)
  if ('diagnostics' in read) throw configInvalid(read)
  return new Map(Object.entries(read.config.places).map(([name, place]) => [name, {
    name, driver: place.driver, server: place.server, domains: place.domains, cluster: clusterOf(place), app: appNameSchema.parse(place.app ?? `${app}-${name}`),
    values: Object.fromEntries(Object.entries(place.variables).flatMap(([key, value]) => keysFor(key, asked).map((kept) => [kept, value] as const))),
  }]))
}
