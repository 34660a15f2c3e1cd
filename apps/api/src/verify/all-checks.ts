import type { Clock, Probe } from '@plimsoll/engine'
import { rehearsalChecks, type RehearsalCheck } from '@plimsoll/verify/rehearse'
import { sourceChecks } from './source-checks.ts'

/** Every question of a verification that is asked of every app: first those that need no running copy. */
export function allChecks({ clock, probe }: { readonly clock: Clock; readonly probe: Probe }): readonly RehearsalCheck[] {
  return [...sourceChecks(clock, process.versions.node), ...rehearsalChecks(probe)]
}
