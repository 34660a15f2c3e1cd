import { basename } from 'node:path'
import { docker, whyNoDocker } from './docker.ts'
import { buildImages, innerPort } from './docker-images.ts'
import { containerOf, stackFile, writeStack } from './docker-stack.ts'
import type { Peer } from './peer.ts'
import { portPair, servesBoth, type Service } from './storefront-at.ts'

/** `docker compose up -d --wait` after a change of the file: Compose stops a changed container, then makes it anew. */
export const composeUp: Peer = {
  name: 'Docker Compose up -d',
  documentation: 'https://docs.docker.com/reference/cli/docker/compose/up/',
  whyNot: async () => whyNoDocker(['compose', 'version'], { suits: () => true, otherwise: 'no Docker Compose' }),
  async setUp(world) {
    const ports = await portPair()
    const images = await buildImages(world)
    const up = async (release: number): Promise<void> => {
      const of = async (service: Service) => ({ ...(await containerOf(service, { world, images, release })), ports: [`127.0.0.1:${ports[service]}:${innerPort}`] })
      const services = { api: await of('api'), web: { ...(await of('web')), depends_on: { api: { condition: 'service_healthy' } } } }
      await writeStack(world, { services })
      await compose('up', '-d', '--wait')
      await servesBoth(release, ports)
    }
    const compose = async (...args: readonly string[]): Promise<string> => docker('compose', '-p', basename(world.home).toLowerCase(), '-f', stackFile(world), ...args)
    world.atLeave(() => compose('down', '--remove-orphans'))
    await up(1)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      first: 1,
      async release(release, { asked, acknowledged }) {
        asked()
        await up(release)
        acknowledged()
      },
      settled: async () => undefined,
    }
  },
}
