import type { Instance } from '@plimsoll/model'
import type { CopyUnit } from '../rehearsal/rehearsal.ts'

/** How one of its instances has ended, or ended and was started again; undefined while all of them run as they were begun. */
export async function endOf(unit: CopyUnit, signal: AbortSignal): Promise<Pick<Instance, 'exit'> | undefined> {
  return (await unit.instances(signal)).find(({ state, restarts }) => state === 'exited' || state === 'backing-off' || restarts > 0)
}

/** ` with status 1`, ` by SIGKILL`; empty where the place did not see it. */
export function howItEnded({ exit }: Pick<Instance, 'exit'>): string {
  if (exit === undefined) return ''
  return exit.signal === null ? ` with status ${exit.code}` : ` by ${exit.signal}`
}
