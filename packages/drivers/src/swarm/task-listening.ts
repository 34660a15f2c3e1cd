import type { Instance } from '@plimsoll/model'
import { instancesFilter } from '../container/place-labels.ts'
import { listeningIn } from '../docker/container-listening.ts'
import type { Listening } from '../process/describe-listening.ts'
import type { Machines } from './measure-tasks.ts'
import { tasksHere, unlessAway } from './tasks-here.ts'

/** Where an instance really listens, whatever it was told; nowhere for one on a machine whose engine is none of these. */
export async function taskListening({ engines, place }: Machines, { id, address }: Pick<Instance, 'id' | 'address'>, signal: AbortSignal): Promise<readonly Listening[]> {
  const task = (await tasksHere(engines, instancesFilter(place), signal)).find(({ instance }) => instance === id)
  return (task && (await unlessAway(() => listeningIn(task.engine, { container: task.container, address }, signal)))) ?? []
}
