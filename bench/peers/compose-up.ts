import { basename } from 'node:path'
import { containerOf, docker, publishedAs, whyNoDocker, writeStack } from './docker-shop.ts'
import type { Peer } from './peer.ts'
import { portPair, servesBoth } from './shop-at.ts'

/** `docker compose up -d --wait` after a change of the file: Compose stops a changed container, then makes it anew. */
export const composeUp: Peer = {
  name: 'Docker Compose up -d',
  documentation: 'https://docs.docker.com/reference/cli/docker/compose/up/',
  whyNot: async () => whyNoDocker(['compose', 'version'], { suits: () => true, otherwise: 'no Docker Compose' }),
  async setUp({ home }) {
    const ports = await portPair()
    const compose = async (file: string, ...args: readonly string[]): Promise<string> => docker(home, 'compose', '-p', basename(home).toLowerCase(), '-f', file, ...args)
    const write = async (release: number): Promise<string> =>
      writeStack({ release, home, ports }, (service, build) => ({
        ...containerOf(service, build),
        ...publishedAs(`127.0.0.1:${ports[service]}`),
        ...(service === 'web' && { depends_on: { api: { condition: 'service_healthy' } } }),
      }))
    const file = await write(1)
    await compose(file, 'up', '-d', '--wait')
    await servesBoth(1, ports)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      async release(release, { asked, acknowledged }) {
        await write(release)
        asked()
        await compose(file, 'up', '-d', '--wait')
        await servesBoth(release, ports)
        acknowledged()
      },
      settled: async () => undefined,
      close: async () => void (await compose(file, 'down')),
    }
  },
}
