import type { Clock } from '@plimsoll/engine'
import { endProcesses } from './end-processes.ts'
import { findMarked } from './markers.ts'
import type { Place } from './place.ts'
import type { Marker } from './running.ts'

/** Between SIGTERM and SIGKILL for a command that is not wanted any more. */
const abortGraceMs = 2_000

/** Ends every command whose marker `areMeant`, with all that it started. Not with a caller's signal: that may be the reason. */
export async function endCommands({ place, clock }: { readonly place: Place; readonly clock: Clock }, areMeant: (marker: Marker) => boolean): Promise<void> {
  const find = async () => (await findMarked(place)).filter(({ marker }) => marker.role === 'exec' && areMeant(marker))
  await endProcesses({ find, graceMs: abortGraceMs, clock }, new AbortController().signal)
}
