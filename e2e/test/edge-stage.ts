import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createEdge, ensureEdge, stopEdge } from '@plimsoll/edge'
import type { DrainReport, Edge } from '@plimsoll/engine'
import { appNameSchema, releaseNumberSchema, trafficSchema, type ReleaseTraffic } from '@plimsoll/model'
import type { Shop } from '../src/shop/start-shop.ts'
import type { ShopWorld } from './shop-world.ts'
import type { SwitchPlan } from './switch-under-load.ts'

/** As many releases as stay warm beside the live one: an old tab of this test is never older. */
const warmReleases = 2
const app = appNameSchema.parse('shop')

/** A web and an API service behind a real edge process, released by hand: what the engine does, without the engine. */
export interface EdgeStage {
  readonly webPort: number
  readonly apiPort: number
  /** Starts both units of a release, publishes its chunks, and waits until both listen. */
  raise(release: number): Promise<void>
  /** Moves all traffic to a release that was raised; what is no longer warm is drained and ended in the background. */
  moveTo(release: number): Promise<void>
  /** Waits for all retirements and gives their reports. */
  retired(): Promise<DrainReport[]>
  close(): Promise<void>
}

/** A release as a switch under load wants it: started beside what is live, and then moved to. */
export function switchOn(stage: EdgeStage): SwitchPlan['switchOver'] {
  return async (_before, after, { asked, acknowledged }) => {
    await stage.raise(after)
    asked()
    await stage.moveTo(after)
    acknowledged()
  }
}

/** Where the stage is reached from a TLS front: by these names, on one port. */
export interface BehindFront {
  readonly sharedPort: number
  readonly hosts: { readonly web: string; readonly api: string }
}

export async function createEdgeStage(world: ShopWorld, front?: BehindFront, haproxy?: string): Promise<EdgeStage> {
  const signal = AbortSignal.timeout(600_000)
  const { controlSocket } = await ensureEdge({ home: world.home, haproxy, ...(front !== undefined && { port: front.sharedPort }) }, signal)
  const hosts = (service: 'web' | 'api'): string[] => (front === undefined ? [] : [front.hosts[service]])
  const edge = createEdge({ controlSocket })
  const [webPort, apiPort] = await Promise.all([freePort(), freePort()])
  const raised = new Map<number, Raised>()
  const warm: ReleaseTraffic[] = []
  const retirements: Promise<DrainReport>[] = []
  return {
    webPort,
    apiPort,
    async raise(release) {
      raised.set(release, await raise({ world, edge, release, signal }))
    },
    async moveTo(release) {
      const live = raised.get(release)
      if (live === undefined) throw new Error(`release ${release} was not raised`)
      const previous = warm.slice(0, warmReleases)
      const entries = { web: { port: webPort, hosts: hosts('web') }, api: { port: apiPort, hosts: hosts('api') } }
      await edge.shift(trafficSchema.parse({ app, fence: 1, entries, live: live.traffic, previous }), signal)
      warm.unshift(live.traffic)
      for (const old of warm.splice(warmReleases + 1)) retirements.push(retire(edge, { old, units: raised.get(old.release)?.units ?? [], signal }))
    },
    retired: () => Promise.all(retirements),
    close: () => stopEdge({ home: world.home }, signal),
  }
}

interface Raised {
  readonly traffic: ReleaseTraffic
  readonly units: readonly Shop[]
}

interface Raising {
  readonly world: ShopWorld
  readonly edge: Edge
  readonly release: number
  readonly signal: AbortSignal
}

async function raise({ world, edge, release, signal }: Raising): Promise<Raised> {
  const deploymentId = `d${release}`
  const api = world.start(release, {}, 'api')
  const apiPort = await api.listening
  const web = world.start(release, { SHOP_API_ORIGIN: `http://127.0.0.1:${apiPort}`, SHOP_DEPLOYMENT_ID: deploymentId }, 'web')
  const webPort = await web.listening
  const directory = `${world.home}/assets/${release}`
  await mkdir(`${directory}/chunks`, { recursive: true })
  await writeFile(`${directory}/chunks/app-${deploymentId}.js`, `"kept of ${release}"`)
  const number = releaseNumberSchema.parse(release)
  await edge.publish({ app, release: number, service: 'web', directory, urlPrefix: '/_next/static/' }, signal)
  const target = (unit: string, port: number) => ({ kind: 'instances', unit, addresses: [{ host: '127.0.0.1', port }] })
  const targets = { web: target(web.unit, webPort), api: target(api.unit, apiPort) }
  const traffic = trafficSchema.shape.live.parse({ release, targets, deploymentIds: { web: deploymentId } })
  return { traffic, units: [web, api] }
}

interface Retiring {
  readonly old: ReleaseTraffic
  readonly units: readonly Shop[]
  readonly signal: AbortSignal
}

async function retire(edge: Edge, { old, units, signal }: Retiring): Promise<DrainReport> {
  const report = await edge.drain({ app, release: old.release, requestGraceMs: 30_000, streamGraceMs: 10_000 }, signal)
  await Promise.all(units.map((unit) => unit.end('SIGTERM')))
  return report
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
