import type { AppName, Instance } from '@plimsoll/model'
import { exitOf, findContainers, type Container, type Dock } from './containers.ts'

/** What runs for this app, as the engine tells it. */
export async function observeContainers(dock: Dock, app: AppName, signal: AbortSignal): Promise<readonly Instance[]> {
  return (await findContainers(dock, { app, role: 'instance' }, signal)).map(instanceOf)
}

export function instanceOf(container: Container): Instance {
  const { marks: { id, unit }, address, restarts, status, pid, startedAt, exitCode } = container
  const common = { id, unit, restarts, ...(address && { address }) }
  switch (status) {
    case 'created':
      return { ...common, state: 'starting' }
    case 'running':
    case 'paused':
      return { ...common, state: 'running', pid, startedAt }
    case 'restarting':
      return { ...common, state: 'backing-off', startedAt, exit: exitOf(exitCode) }
    default:
      return { ...common, state: 'exited', startedAt, exit: exitOf(exitCode) }
  }
}
