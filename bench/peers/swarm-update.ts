import { basename } from 'node:path'
import { containerOf, docker, publishedAs, whyNoDocker, writeStack } from './docker-shop.ts'
import type { Peer } from './peer.ts'
import { portPair, servesBoth } from './shop-at.ts'

/** `docker stack deploy` with start-first updates and a health check: the new task is healthy before the old one is stopped. */
export const swarmUpdate: Peer = {
  name: 'Swarm start-first',
  documentation: 'https://docs.docker.com/reference/compose-file/deploy/#update_config',
  // Making a machine a Swarm is for its owner to decide.
  whyNot: async () => whyNoDocker(['info', '--format', '{{.Swarm.LocalNodeState}}'], { suits: (state) => state === 'active', otherwise: 'no Swarm on this machine' }),
  async setUp({ home }) {
    const ports = await portPair()
    const name = basename(home).toLowerCase()
    const deploy = async (release: number): Promise<void> => {
      const file = await writeStack({ release, home, ports }, (service, build) => ({
        ...containerOf(service, build),
        ...publishedAs(String(ports[service])),
        deploy: { replicas: 1, update_config: { order: 'start-first', parallelism: 1, failure_action: 'rollback' } },
      }))
      await docker(home, 'stack', 'deploy', '--detach=false', '-c', file, name)
      await servesBoth(release, ports)
    }
    await deploy(1)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      async release(release, { asked, acknowledged }) {
        asked()
        await deploy(release)
        acknowledged()
      },
      settled: async () => undefined,
      close: async () => void (await docker(home, 'stack', 'rm', name)),
    }
  },
}
