import { PlimsollError, type UnitSpec } from '@plimsoll/model'
import { assertDockerCanRun } from './docker-limits.ts'

/** Throws `PLACE_CANNOT`, naming every service that a cluster cannot run: what has no image, and what keeps files on one machine. */
export function assertSwarmCanRun(specs: readonly UnitSpec[]): void {
  assertDockerCanRun(specs)
  const withDisk = specs.filter(({ disk }) => disk !== undefined).map(({ service }) => service)
  if (withDisk.length === 0) return
  throw new PlimsollError('PLACE_CANNOT', `A cluster has no disks that follow an instance from machine to machine, and ${withDisk.join(', ')} wants one`, {
    hint: 'Keep files in an object store, or run this app on one machine',
  })
}
