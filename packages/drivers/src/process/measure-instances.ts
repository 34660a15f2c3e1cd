import type { Clock, Needed } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { findMarked, type MarkedProcess } from './markers.ts'
import type { Place } from './place.ts'
import { needsOf } from './process-needs.ts'
import { inTurns } from './process-table.ts'

/** What each instance of `app` that runs needs, summed over all of its processes. */
export async function measureInstances({ place, clock }: { readonly place: Place; readonly clock: Clock }, app: AppName): Promise<readonly Needed[]> {
  const processes = (await findMarked(place)).filter(({ marker }) => marker.app === app && marker.role === 'instance')
  const led = [...Map.groupBy(processes, ({ marker }) => marker.id)].filter(([, group]) => group.some(({ pid, session }) => pid === session))
  return inTurns(led, ([instance, group]) => ({ instance, at: clock.now(), ...sumOf(group) }))
}

function sumOf(group: readonly MarkedProcess[]): Pick<Needed, 'cpuMs' | 'memoryBytes'> {
  const needs = group.map(({ pid }) => needsOf(pid)).filter((each) => each !== undefined)
  return { cpuMs: needs.reduce((sum, { cpuMs }) => sum + cpuMs, 0), memoryBytes: needs.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) }
}
