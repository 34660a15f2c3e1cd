import type { AppName, Instance, Unit } from '@plimsoll/model'
import { findContainers, type Container, type Dock } from './containers.ts'
import { exitOf } from '../container/exit-of.ts'

/** What runs for this app, as the engine tells it. */
export async function observeContainers(dock: Dock, app: AppName, signal: AbortSignal): Promise<readonly Instance[]> {
  return (await findContainers(dock, { app, role: 'instance' }, signal)).map(instanceOf)
}

/** Also those of which only a command is there: a container that has ended, too, keeps its name and the app's network. */
export async function unitsOnEngine(dock: Dock, app: AppName, signal: AbortSignal): Promise<readonly Unit[]> {
  return [...new Map((await findContainers(dock, { app }, signal)).map(({ marks: { unit } }) => [unit.name, unit])).values()]
}

export function instanceOf(container: Container): Instance {
  const { marks: { id, unit }, address, restarts, status, pid, startedAt, health } = container
  const common = { id, unit, restarts, ...(address && { address }) }
  switch (status) {
    case 'created':
      return { ...common, state: 'starting' }
    case 'running':
    case 'paused':
      return { ...common, state: 'running', pid, startedAt, ...(health && { health }) }
    case 'restarting':
      return { ...common, state: 'backing-off', startedAt, exit: endOf(container) }
    default:
      return { ...common, state: 'exited', startedAt, exit: endOf(container) }
  }
}

function endOf({ exitCode, outOfMemory, memoryBytes }: Container): NonNullable<Instance['exit']> {
  if (!outOfMemory) return exitOf(exitCode)
  const limit = memoryBytes === 0 ? 'the machine has left' : `its ${Math.round(memoryBytes / 1024 / 1024)} MB of memory`
  return { ...exitOf(exitCode), because: `it needed more than ${limit}` }
}
