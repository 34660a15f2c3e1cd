import { allSettled, type StopReport } from '@plimsoll/engine'
import type { AppName, Unit } from '@plimsoll/model'
import { rm } from 'node:fs/promises'
import { dropNetwork } from './app-network.ts'
import { findContainers, halt, inspect, isUp, remove, type Container, type Dock } from './containers.ts'
import { unitDirectory } from './unit-directory.ts'

export interface StopRequest {
  readonly app: AppName
  readonly unit: Unit
  readonly graceMs: number
}

/** Ends and removes every container of the unit, also commands, and with the last one of the app its network. Cut off, it is completed by the next one. */
export async function stopContainers(dock: Dock, { app, unit, graceMs }: StopRequest, signal: AbortSignal): Promise<StopReport> {
  const containers = await findContainers(dock, { app, unit }, signal)
  // First: whoever completes a stop that was cut off looks for containers, and would find none of a unit that has left only this.
  await rm(unitDirectory(dock.place, app, unit), { recursive: true, force: true })
  const report = await endContainers(dock, { containers, graceMs }, signal)
  await dropNetwork(dock, app, signal)
  return report
}

/** SIGTERM, and SIGKILL after the grace, which the engine counts in whole seconds: it is rounded up. */
export async function endContainers(dock: Dock, { containers, graceMs }: { readonly containers: readonly Container[]; readonly graceMs: number }, signal: AbortSignal): Promise<StopReport> {
  const ends = await allSettled(containers.map(async (container) => {
    const killed = isUp(container) && (await end(dock, { container, graceMs }, signal))
    await remove(dock, container.id, signal)
    return { container, killed }
  }))
  const instances = ends.filter(({ container }) => container.marks.role === 'instance')
  return { instances: instances.filter(({ container }) => container.status === 'running').length, killed: instances.filter(({ killed }) => killed).length }
}

const killedCode = 137

/** True when its grace was not enough. */
async function end({ engine, clock }: Dock, { container, graceMs }: { readonly container: Container; readonly graceMs: number }, signal: AbortSignal): Promise<boolean> {
  const seconds = Math.ceil(graceMs / 1_000)
  const begun = clock.now()
  await halt({ engine, clock }, { id: container.id, of: container.marks.unit.service, seconds }, signal)
  const after = await inspect(engine, container.id, signal)
  return after?.exitCode === killedCode && clock.now() - begun >= seconds * 1_000
}
