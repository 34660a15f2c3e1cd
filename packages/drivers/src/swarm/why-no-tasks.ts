import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

export interface NoTasks {
  /** In words that follow "on". */
  readonly is: string
  readonly hint: string
}

export interface Pinned {
  /** The id of its machine. */
  readonly machine: string
  /** Of the service that says so. */
  readonly service: string
}

const nodeSchema = z.object({ Description: z.object({ Hostname: z.string() }), Spec: z.object({ Availability: z.string().default('active') }), Status: z.object({ State: z.string() }) })

/** Why the machine of what does not move runs nothing that is new; undefined where it is there and takes tasks. */
export async function whyNoTasks(managers: DockerEngine, { machine, service }: Pinned, signal: AbortSignal): Promise<NoTasks | undefined> {
  const { status, body } = await managers.call({ path: `/nodes/${machine}`, to: 'look at a machine of the cluster', also: [404] }, signal)
  const lost = `Is what it kept lost for good, say so: docker service rm ${service}. The next release begins with nothing, on a machine that is there.`
  if (status === 404) return { is: 'a machine that is not in the cluster any more', hint: lost }
  const { Description: { Hostname }, Spec, Status } = nodeSchema.parse(JSON.parse(body))
  if (Status.State !== 'ready') return { is: `the machine ${Hostname}, which is away`, hint: `Bring ${Hostname} back, and release again. ${lost}` }
  if (Spec.Availability !== 'active') return { is: `the machine ${Hostname}, which takes no tasks`, hint: `Let it take some, and release again: docker node update --availability active ${Hostname}` }
  return undefined
}
