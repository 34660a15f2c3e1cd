import { createRegistry, type DockerEngine } from '@plimsoll/drivers/docker'
import type { MadeImage } from '@plimsoll/drivers/stand-in'
import { serviceNameSchema } from '@plimsoll/model'
import { labClock } from './lab-clock.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

const patienceMs = 120_000

/** Makes an image on the first machine and gives it to the lab's registry; returns it by its digest, which every machine can pull. */
export async function publishIn({ nodes: [first], registry }: Pick<SwarmLab, 'nodes' | 'registry'>, make: (engine: DockerEngine, signal: AbortSignal) => Promise<MadeImage>): Promise<string> {
  const { engine } = first
  const signal = AbortSignal.timeout(patienceMs)
  const { id, name } = await make(engine, signal)
  const service = serviceNameSchema.parse(name)
  return createRegistry({ engine, machine: {}, clock: labClock, keptLogin: async () => undefined, learn: () => undefined }).push({ id, service, name: `${registry}/tests/${name.split(':')[0]}` }, signal)
}
