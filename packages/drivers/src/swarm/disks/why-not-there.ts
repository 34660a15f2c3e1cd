import { PlimsollError } from '@plimsoll/model'
import type { DockerEngine } from '../../docker-engine/docker-engine.ts'
import { whyNoTasks } from '../why-no-tasks.ts'

export interface DiskWhere {
  readonly service: string
  readonly name: string
  /** The name of its volume, and of the service by which the cluster knows where it is. */
  readonly volume: string
  /** The id of its machine. */
  readonly machine: string
}

/** What a person reads when the machine of a disk runs nothing; undefined where it is there and takes tasks. */
export async function whyNotThere(managers: DockerEngine, { service, name, volume, machine }: DiskWhere, signal: AbortSignal): Promise<PlimsollError | undefined> {
  const why = await whyNoTasks(managers, { machine, service: volume }, signal)
  return why && new PlimsollError('PLACE_CANNOT', `The disk ${name} of ${service} is on ${why.is}, and nothing else has its files`, { hint: why.hint, details: { service, machine } })
}
