import { createClient, readEndpoint, type Client } from '@plimsoll/client'
import { standInImage } from '@plimsoll/drivers/stand-in'
import { createFixtureRepo, type FixtureRepo } from '../plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../plimsoll/plimsoll-home.ts'
import { edgeImages, edgeUid, type EdgeKind } from './edge-image.ts'
import { publishIn } from './lab-images.ts'
import { openLabDoor } from './open-lab-door.ts'
import { raiseSwarmLab, type SwarmLab } from './raise-swarm-lab.ts'

/** A lab with edges on its first two machines, a Plimsoll outside of it, the shop as a repository, and a way in for users. */
export interface SwarmStage {
  readonly lab: SwarmLab
  readonly plimsoll: PlimsollHome
  readonly repo: FixtureRepo
  /** Where users come in, at this machine's loopback: by the first they prefer the edge of the first machine, by the second that of the second. */
  readonly ports: readonly number[]
  /** Of the API that runs now. */
  client(): Promise<Client>
  /** Takes everything down, and gives the commands of processes that did not end by themselves. */
  leave(): Promise<string[]>
}

/** Services that run beside the two of the shop, and that nobody asks. */
const idleServices = (data: string, count: number): string => Array.from({ length: count }, (_, index) => `  - type: pserv
    name: idle-${index + 1}
    runtime: docker
    dockerfilePath: ./Dockerfile
    numInstances: 2
    maxShutdownDelaySeconds: 10
    envVars:
      - key: SHOP_DATA
        value: ${data}
`).join('')

const blueprintFor = (data: string, services: number): string => `services:
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    dockerCommand: node web.mjs
    healthCheckPath: /healthz
    numInstances: 2
    maxShutdownDelaySeconds: 10
    envVars:
      - key: SHOP_DATA
        value: ${data}
      - key: API
        fromService: { type: pserv, name: api, property: hostport }
  - type: pserv
    name: api
    runtime: docker
    dockerfilePath: ./Dockerfile
    numInstances: 2
    maxShutdownDelaySeconds: 10
    envVars:
      - key: SHOP_DATA
        value: ${data}
${idleServices(data, services - 2)}`
const web = `process.env.SHOP_API_ORIGIN = 'http://' + process.env.API
await import('./shop-server.mjs')
`
const dockerfile = (base: string): string => `FROM ${base}
WORKDIR /app
COPY . .
USER node
CMD ["node", "shop-server.mjs"]
`

export interface SwarmStageOptions {
  /** Added to that of every command. */
  readonly environment?: Readonly<Record<string, string>>
  /** Two that are asked, and others that run beside them. Two unless given. */
  readonly services?: number
  /** What listens on the machines with an edge; the own one unless given. */
  readonly edge?: EdgeKind
}

/** Raises the lab; nothing is released yet. */
export async function createSwarmStage({ environment = {}, services = 2, edge = 'edge' }: SwarmStageOptions = {}): Promise<SwarmStage> {
  const lab = await raiseSwarmLab()
  const [first, second, third] = lab.nodes
  const image = await publishIn(lab, edgeImages[edge])
  const base = await standInImage(first.engine, 'slim', AbortSignal.timeout(60_000))
  await Promise.all([first, second].map((node) => lab.label(node, { 'plimsoll.edge': 'true' })))
  const socket = (name: string): string => `unix://${lab.directory}/${name}/socket`
  const plimsoll = await createPlimsollHome({
    DOCKER_HOST: socket(first.name), PLIMSOLL_SWARM_MANAGERS: [first, second, third].map(({ name }) => socket(name)).join(','),
    PLIMSOLL_SWARM_REGISTRY: `${lab.registry}/apps`, PLIMSOLL_SWARM_EDGE_IMAGE: image, PLIMSOLL_SWARM_EDGE_UID: String(edgeUid), ...environment,
  }, lab.enter)
  const door = await openLabDoor(lab)
  const edges = [first, second].map(({ host }) => `${host}:80`)
  const ports = [await door.open(edges), await door.open(edges.toReversed())]
  const files = {
    'plimsoll.config.ts': `export default ${JSON.stringify({ places: { production: { driver: 'swarm', app: 'shop' } } })}\n`,
    Dockerfile: dockerfile(base.name), 'web.mjs': web,
  }
  const repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprintFor(door.witness, services), files })
  return {
    lab, plimsoll, repo, ports,
    async client() {
      const { url, token } = await readEndpoint(plimsoll.home)
      return createClient({ baseUrl: `http://127.0.0.1:${await door.open([new URL(url).host])}`, token })
    },
    async leave() {
      const left = await plimsoll.leave()
      await door.close()
      await lab.lower()
      return left
    },
  }
}
