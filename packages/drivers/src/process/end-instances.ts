import type { Clock, StopReport } from '@plimsoll/engine'
import type { AppName, Unit } from '@plimsoll/model'
import { endProcesses } from './end-processes.ts'
import type { Keeper } from './keeper.ts'
import { withLock } from './lock.ts'
import { findMarked, type MarkedProcess } from './markers.ts'
import { lockName, type Place } from './place.ts'
import type { Marker } from './running.ts'

interface Yard {
  readonly place: Place
  readonly clock: Clock
  readonly keeper: Keeper
}

export interface Ending {
  readonly app: AppName
  readonly unit: Unit
  /** The instances whose keeping ends first. Their record must not want them any more. */
  readonly ids: readonly string[]
  readonly graceMs: number
  /** Also whatever else carries the unit's mark in one of these roles: commands, and instances that no record knows. */
  readonly all?: readonly Marker['role'][]
}

/** SIGTERM, then SIGKILL after the grace; nothing of it is started again. */
export async function endInstances(yard: Yard, ending: Ending, signal: AbortSignal): Promise<StopReport> {
  const { place, clock } = yard
  if (ending.ids.length === 0 && ending.all === undefined) return { instances: 0, killed: 0 }
  await Promise.all(ending.ids.map((id) => silence(yard, id, signal)))
  const find = async () => (await findMarked(place)).filter(({ marker }) => {
    return marker.app === ending.app && marker.unit?.name === ending.unit.name && (ending.all?.includes(marker.role) === true || ending.ids.includes(marker.id))
  })
  const running = await find()
  const killed = await endProcesses({ find, graceMs: ending.graceMs, clock }, signal)
  return { instances: instancesAmong(running), killed: instancesAmong(killed) }
}

/**
 * When it resolves nobody starts this instance any more: our own watch has ended, and whoever else was
 * about to start it has done so (and is found) or will see that it is not wanted.
 */
async function silence({ keeper, place, clock }: Yard, id: string, signal: AbortSignal): Promise<void> {
  await keeper.letGo(id)
  await withLock({ name: lockName(place, id), clock }, async () => undefined, signal)
}

function instancesAmong(processes: readonly MarkedProcess[]): number {
  return new Set(processes.filter(({ marker }) => marker.role === 'instance').map(({ marker }) => marker.id)).size
}
