import { PlimsollError, type UnitSpec } from '@plimsoll/model'

/** Blueprint runtimes that run as plain processes with what is on this machine. */
const processRuntimes = new Set(['node', 'static', ''])

/** Throws `PLACE_CANNOT`, naming every service that cannot run as a process here. */
export function assertProcessesCanRun(specs: readonly UnitSpec[]): void {
  const cannot = specs.filter(({ kind, runtime }) => kind !== 'keyvalue' && !processRuntimes.has(runtime))
  if (cannot.length === 0) return
  throw new PlimsollError('PLACE_CANNOT', `Local processes run the runtimes node and static; ${cannot.map(({ service, runtime }) => `${service} has ${runtime}`).join(', ')}`, {
    hint: 'Give the service `runtime: node` with a buildCommand and a startCommand to run it here.',
  })
}
