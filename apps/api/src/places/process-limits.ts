import { PlimsollError, type UnitSpec } from '@plimsoll/model'

/** Blueprint runtimes that run as plain processes with what is on this machine. */
const processRuntimes = new Set(['node', 'static', ''])

/** Throws `PLACE_CANNOT`, naming every service that cannot run as a process here. */
export function assertProcessesCanRun(specs: readonly UnitSpec[]): void {
  assertNoImages(specs)
  const cannot = specs.filter(({ kind, runtime }) => kind !== 'keyvalue' && !processRuntimes.has(runtime))
  if (cannot.length === 0) return
  throw new PlimsollError('PLACE_CANNOT', `Local processes run the runtimes node and static; ${cannot.map(({ service, runtime }) => `${service} has ${runtime}`).join(', ')}`, {
    hint: 'Give the service `runtime: node` with a buildCommand and a startCommand to run it here.',
  })
}

/** Processes are made from what the repository holds, whatever image a service was given. */
function assertNoImages(specs: readonly UnitSpec[]): void {
  const given = specs.filter(({ image }) => image !== undefined)
  if (given.length === 0) return
  throw new PlimsollError('PLACE_CANNOT', `Local processes are built from the repository and run no images; ${given.map(({ service, image }) => `${service} is to run ${image?.reference}`).join(', ')}`, {
    hint: 'Let the app live where there are containers: --on docker. Or give the service a runtime that is built here, and no image.',
  })
}
