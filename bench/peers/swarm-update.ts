import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { docker, whyNoDocker } from './docker.ts'
import { buildImages, importProgram, innerPort, type Images } from './docker-images.ts'
import { containerOf, stackFile, writeStack } from './docker-stack.ts'
import { nginxConf } from './nginx-conf.ts'
import { nginxCommand } from './nginx-reload.ts'
import type { Peer } from './peer.ts'
import type { PeerWorld } from './peer-world.ts'
import { portPair, services, servesBoth, type Ports, type Service } from './storefront-at.ts'

const frontPorts: Ports = { api: 4001, web: 4002 }
const updateMs = 110_000

/**
 * `docker stack deploy` with start-first updates and a health check: the new task is healthy before the old one is stopped. Tasks are
 * found by name (`endpoint_mode: dnsrr`) by an nginx that no release changes and that alone has ports of the host, as the documentation
 * bypasses the routing mesh: the mesh needs IPVS, which not every kernel has.
 */
export const swarmUpdate: Peer = {
  name: 'Swarm start-first',
  documentation: 'https://docs.docker.com/reference/compose-file/deploy/#update_config and https://docs.docker.com/engine/swarm/ingress/#without-the-routing-mesh',
  // Making a machine a Swarm is for its owner to decide.
  whyNot: async () =>
    existsSync(nginxCommand) ? whyNoDocker(['info', '--format', '{{.Swarm.LocalNodeState}}'], { suits: (state) => state === 'active', otherwise: 'no Swarm on this machine (docker swarm init makes one)' }) : 'no nginx to put before a Swarm',
  async setUp(world) {
    const ports = await portPair()
    const name = basename(world.home).toLowerCase()
    const [images, front] = [await buildImages(world), await frontBefore(world, ports)]
    const deploy = async (release: number): Promise<void> => {
      await describe({ world, images, front, release })
      await docker('stack', 'deploy', '--resolve-image', 'never', '-c', stackFile(world), name)
    }
    world.atLeave(() => remove(name))
    await deploy(1)
    await servesBoth(1, ports)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      first: 1,
      async release(release, { asked, acknowledged }) {
        asked()
        await deploy(release)
        await Promise.all(services.map((service) => updated(`${name}_${service}`)))
        await servesBoth(release, ports)
        acknowledged()
      },
      settled: async () => undefined,
    }
  },
}

interface Stack {
  readonly world: PeerWorld
  readonly images: Images
  readonly front: Readonly<Record<string, unknown>>
  readonly release: number
}

async function describe({ world, images, front, release }: Stack): Promise<void> {
  const deploy = { replicas: 1, endpoint_mode: 'dnsrr', update_config: { order: 'start-first', parallelism: 1, failure_action: 'rollback' } }
  const of = async (service: Service) => ({ ...(await containerOf(service, { world, images, release })), deploy })
  await writeStack(world, { version: '3.8', services: { api: await of('api'), web: await of('web'), front } })
}

/** nginx asks the engine for a service's tasks again every second. */
async function frontBefore(world: PeerWorld, ports: Ports): Promise<Record<string, unknown>> {
  const file = join(world.home, 'front.conf')
  const ways = services.map((service) => ({ listen: String(frontPorts[service]), upstream: `${service}:${innerPort}` }))
  await writeFile(file, `user root;\n${nginxConf({ directory: '/tmp', ways, resolver: '127.0.0.11' })}`)
  return {
    image: await importProgram(world, nginxCommand, 'nginx'),
    command: ['nginx', '-e', '/tmp/error.log', '-c', '/front.conf'],
    volumes: [`${file}:/front.conf:ro`],
    ports: services.map((service) => ({ target: frontPorts[service], published: ports[service], protocol: 'tcp', mode: 'host' })),
  }
}

async function remove(name: string): Promise<void> {
  await docker('stack', 'rm', name)
  while ((await docker('ps', '--quiet', '--filter', `label=com.docker.stack.namespace=${name}`)) !== '') await sleep(200)
}

/** Waits until the engine calls the service's update complete. The exit code of its command line does not tell. */
async function updated(service: string): Promise<void> {
  const deadline = AbortSignal.timeout(updateMs)
  for (;;) {
    const state = (await docker('service', 'inspect', '--format', '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}', service)).trim()
    if (state === 'completed') return
    if (deadline.aborted || state.includes('rollback') || state === 'paused') throw new Error(`the update of ${service} ended as "${state}"`)
    await sleep(100)
  }
}
