import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../../docker-engine/docker-engine.ts'

export interface DiskWhere {
  readonly service: string
  readonly name: string
  /** The name of its volume, and of the service by which the cluster knows where it is. */
  readonly volume: string
  /** The id of its machine. */
  readonly machine: string
}

const nodeSchema = z.object({ Description: z.object({ Hostname: z.string() }), Spec: z.object({ Availability: z.string().default('active') }), Status: z.object({ State: z.string() }) })

/** What a person reads when the machine of a disk runs nothing; undefined where it is there and takes tasks. */
export async function whyNotThere(managers: DockerEngine, disk: DiskWhere, signal: AbortSignal): Promise<PlimsollError | undefined> {
  const { status, body } = await managers.call({ path: `/nodes/${disk.machine}`, to: `look at the machine of the disk ${disk.name}`, also: [404] }, signal)
  const lost = `Is the disk lost for good, say so: docker service rm ${disk.volume}. The next release begins with an empty one, on a machine that is there.`
  if (status === 404) return refusal(disk, { is: 'a machine that is not in the cluster any more', hint: lost })
  const { Description: { Hostname }, Spec, Status } = nodeSchema.parse(JSON.parse(body))
  if (Status.State !== 'ready') return refusal(disk, { is: `the machine ${Hostname}, which is away`, hint: `Bring ${Hostname} back, and release again. ${lost}` })
  if (Spec.Availability !== 'active') return refusal(disk, { is: `the machine ${Hostname}, which takes no tasks`, hint: `docker node update --availability active ${Hostname}` })
  return undefined
}

function refusal({ service, name, machine }: DiskWhere, { is, hint }: { readonly is: string; readonly hint: string }): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `The disk ${name} of ${service} is on ${is}, and nothing else has its files`, { hint, details: { service, machine } })
}
