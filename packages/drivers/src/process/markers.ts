import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitName, type AppName, type Unit } from '@plimsoll/model'
import { uptime } from 'node:os'
import type { Place } from './place.ts'
import { inTurns, listProcesses, readEnvironment, type ProcessEntry } from './process-table.ts'
import { readRunning, roleSchema, type Marker } from './running.ts'
import { sharedLook } from './shared-look.ts'

export interface MarkedProcess extends ProcessEntry {
  readonly marker: Marker
}

/** The marker as variables. */
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
 * Every living process of this place. One without a marker of its own (because it wrote over its
 * environment, or is not ours to look into) belongs to the session it is in, for as long as a process
 * that is known leads that session.
 */
export async function findMarked(place: Place): Promise<readonly MarkedProcess[]> {
  const marked = await lookAtAll()
  const noted = await readRunning(place, marked.map(({ entry }) => entry))
  const leaders = new Map(noted)
  for (const { entry, marker } of marked) if (marker !== undefined && entry.pid === entry.session) leaders.set(entry.pid, marker)
  return marked.flatMap(({ entry, marker }) => {
    const owner = marker ?? leaders.get(entry.session)
    return owner?.place === place.id ? [{ ...entry, marker: owner }] : []
  })
}

interface Seen {
  readonly entry: ProcessEntry
  readonly marker: Marker | undefined
}

/** Of processes that have long become what they are, by pid: reading their markers is most of what a look costs. */
let known: ReadonlyMap<number, Seen> = new Map()

/** A process shows the environment of its parent until it has become its own program, which takes it milliseconds. */
const settledSeconds = 10
/** In which Linux counts a process's start, on every architecture that Node runs on. */
const ticksPerSecond = 100

/**
 * Every process there is. Waiting for a start or an end means to look again and again, and many wait at once. One that shows no marker is known by the stack of its
 * program too: in the moment in which it becomes another one it shows nothing, and it would never be found again.
 */
const lookAtAll = sharedLook(async (): Promise<readonly Seen[]> => {
  const before = known
  const seen = await inTurns(await listProcesses(), (entry): Seen => {
    const same = before.get(entry.pid)
    const marker = same !== undefined && isSameStill(same, entry) ? same.marker : parseMarker(readEnvironment(entry.pid, 'PLIMSOLL_PLACE'))
    return { entry, marker }
  })
  const settled = (uptime() - settledSeconds) * ticksPerSecond
  known = new Map(seen.filter(({ entry, marker }) => (marker !== undefined || entry.stack !== 0) && entry.startTicks < settled).map((each) => [each.entry.pid, each]))
  return seen
})

function isSameStill({ entry: before, marker }: Seen, now: ProcessEntry): boolean {
  return before.startTicks === now.startTicks && (marker !== undefined || before.stack === now.stack)
}

function parseMarker(environment: ReadonlyMap<string, string>): Marker | undefined {
  const place = environment.get('PLIMSOLL_PLACE')
  const id = environment.get('RENDER_INSTANCE_ID')
  if (place === undefined || id === undefined) return undefined
  const role = roleSchema.safeParse(environment.get('PLIMSOLL_ROLE'))
  const app = appNameSchema.safeParse(environment.get('PLIMSOLL_APP'))
  if (!role.success || !app.success) return undefined
  return { place, role: role.data, app: app.data, unit: parseUnit(app.data, environment), id }
}

function parseUnit(app: AppName, environment: ReadonlyMap<string, string>): Unit | undefined {
  const service = serviceNameSchema.safeParse(environment.get('PLIMSOLL_SERVICE'))
  const release = releaseNumberSchema.safeParse(Number(environment.get('PLIMSOLL_RELEASE')))
  if (!service.success || !release.success) return undefined
  return { name: unitName(app, service.data, release.data), service: service.data, release: release.data }
}
