import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { innerPort, type Images } from './docker-images.ts'
import type { PeerWorld } from './peer-world.ts'
import { environmentOf, type Service } from './storefront-at.ts'

export interface Containers {
  readonly world: PeerWorld
  readonly images: Images
  readonly release: number
}

/** What stands in both a Compose file and a Swarm stack: the image with its health check, and 30 s to end in. */
export async function containerOf(service: Service, { world, images, release }: Containers): Promise<Record<string, unknown>> {
  const { url, socketDirectory } = await world.database()
  const environment = environmentOf(service, { release, host: '0.0.0.0', port: innerPort, databaseUrl: url('/database'), api: `api:${innerPort}` })
  return { image: images.nameOf(service, release), init: true, stop_grace_period: '30s', environment, volumes: [`${socketDirectory}:/database`] }
}

export function stackFile({ home }: PeerWorld): string {
  return join(home, 'stack.json')
}

/** Writes the stack file; JSON is YAML. */
export async function writeStack(world: PeerWorld, stack: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(stackFile(world), JSON.stringify(stack, null, 2))
}
