import type { AppName, Unit } from '@plimsoll/model'
import { join } from 'node:path'
import type { Place } from '../process/place.ts'

/** Stands for the unit where something is kept for as long as it is there, like its ports. */
export function unitDirectory(place: Place, app: AppName, unit: Unit): string {
  return join(place.home, 'docker', app, unit.name)
}
