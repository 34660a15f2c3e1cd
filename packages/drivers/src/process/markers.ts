import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitName, type AppName, type Unit } from '@plimsoll/model'
import { listProcesses, readEnvironment, type ProcessEntry } from './process-table.ts'

/** `instance` is kept running; `exec` is a command that ends by itself; `keyvalue` outlives releases. */
export type Role = 'instance' | 'exec' | 'keyvalue'

/** What a process of ours carries in its environment, so that it is known again when everything else is lost. */
export interface Marker {
  /** The id of the home directory: two Plimsolls on one machine do not touch each other. */
  readonly place: string
  readonly role: Role
  readonly app: AppName
  /** Absent for key-value servers, which belong to no release. */
  readonly unit?: Unit | undefined
  /** `RENDER_INSTANCE_ID`. */
  readonly id: string
}

export interface MarkedProcess extends ProcessEntry {
  readonly marker: Marker
}

export function markerEnvironment({ place, role, app, unit, id }: Marker): Record<string, string> {
  return {
    PLIMSOLL_PLACE: place,
    PLIMSOLL_ROLE: role,
    PLIMSOLL_APP: app,
    ...(unit !== undefined && { PLIMSOLL_SERVICE: unit.service, PLIMSOLL_RELEASE: String(unit.release) }),
    RENDER_INSTANCE_ID: id,
  }
}

/**
 * Every living process of this place. One that carries no marker (because it wrote over its
 * environment, as servers that change their title do) belongs to the session it is in, for as
 * long as a marked process leads that session.
 */
export async function findMarked(place: string): Promise<readonly MarkedProcess[]> {
  const entries = await listProcesses()
  const marked = await Promise.all(entries.map(async (entry) => ({ entry, marker: parseMarker(await readEnvironment(entry.pid)) })))
  const leaders = new Map(marked.flatMap(({ entry, marker }) => (marker !== undefined && entry.pid === entry.session ? [[entry.pid, marker]] : [])))
  return marked.flatMap(({ entry, marker }) => {
    const owner = marker ?? leaders.get(entry.session)
    return owner?.place === place ? [{ ...entry, marker: owner }] : []
  })
}

function parseMarker(environment: ReadonlyMap<string, string>): Marker | undefined {
  const place = environment.get('PLIMSOLL_PLACE')
  const id = environment.get('RENDER_INSTANCE_ID')
  const role = parseRole(environment.get('PLIMSOLL_ROLE'))
  const app = appNameSchema.safeParse(environment.get('PLIMSOLL_APP'))
  if (place === undefined || id === undefined || role === undefined || !app.success) return undefined
  return { place, role, app: app.data, unit: parseUnit(app.data, environment), id }
}

function parseUnit(app: AppName, environment: ReadonlyMap<string, string>): Unit | undefined {
  const service = serviceNameSchema.safeParse(environment.get('PLIMSOLL_SERVICE'))
  const release = releaseNumberSchema.safeParse(Number(environment.get('PLIMSOLL_RELEASE')))
  if (!service.success || !release.success) return undefined
  return { name: unitName(app, service.data, release.data), service: service.data, release: release.data }
}

function parseRole(text: string | undefined): Role | undefined {
  return text === 'instance' || text === 'exec' || text === 'keyvalue' ? text : undefined
}
