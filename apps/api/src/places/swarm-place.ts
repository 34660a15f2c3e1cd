import { randomBytes } from 'node:crypto'
import { generateValue } from '@plimsoll/blueprint'
import { createGivenImages, createImageBuilder, createRegistry, engineAddress, openDockerEngine, type CopyServers, type DockerEngine } from '@plimsoll/drivers/docker'
import { createClusterEdges, createSwarmDriver, createSwarmResources, createTunnels, nearDriver, type Tunnels } from '@plimsoll/drivers/swarm'
import { forgetApp } from '@plimsoll/drivers'
import { createEdgeFleet, edgeSecretNames, fleetSecrets, type EdgeFleet } from '@plimsoll/edge'
import type { Edge } from '@plimsoll/engine'
import { ownerOfCopies, PlimsollError, slugOf } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { createProbe } from '@plimsoll/verify'
import type { Config } from '../config.ts'
import type { SecretBook } from '../secret-book.ts'
import type { Nearby } from '../services.ts'
import type { SwarmSettings } from '../swarm-settings.ts'
import { systemClock } from '../system-clock.ts'
import { clusterClones } from './cluster-clones.ts'
import { copiesOnServers } from './copies-on-servers.ts'
import { assertDockerCanRun } from './docker-limits.ts'
import { lateEngine } from './late-engine.ts'
import type { RunningPlace } from './running-place.ts'
import { nearProbe, swarmAskers } from './swarm-askers.ts'
import { sweepEngine } from './sweep-engine.ts'

export interface SwarmPlace extends RunningPlace {
  /** Those of the cluster, steered as one. */
  readonly edges: Edge
}

export interface SwarmPlaceParts {
  readonly config: Config
  readonly settings: SwarmSettings
  /** Its own directory: what is in a cluster is another thing than what is on this machine. */
  readonly home: string
  readonly store: Store
  readonly secrets: Pick<SecretBook, 'learn'>
  readonly report: (error: unknown) => void
}

const controlPort = 4_075
/** How long a first release waits for a first edge, whose image may have to be pulled. */
const firstEdgeMs = 120_000
const pollMs = 250

/** Services of a Docker Swarm, behind edges on its machines. Images are built by this machine's engine, and pushed. Throws `ENGINE_DOWN` where no manager answers. */
export async function swarmPlace({ config, settings, home, store, secrets, report }: SwarmPlaceParts): Promise<SwarmPlace> {
  const { machine } = config
  const managers = engines(settings, machine)
  const workshop = lateEngine(machine)
  const builder = createImageBuilder({ home, machine, engine: workshop, bases: config.baseImages, cacheBytes: config.limits.buildCacheBytes })
  const registry = createRegistry({
    engine: workshop, machine, clock: systemClock, learn: (values) => secrets.learn(values),
    keptLogin: async (app, name) => (await store.keptValues.values(app))[`registry:${name}/LOGIN`],
  })
  const given = createGivenImages({ home, engine: workshop, registry })
  const build: typeof builder.build = async (request, signal) => {
    const { spec, app } = request
    if (spec.image !== undefined) return builder.unpruned(() => given.build(request, signal))
    const artifact = await builder.build(request, signal)
    // Pushed again it is there already: the name that it has in a registry follows from what it is.
    const image = await registry.push({ id: artifact.digest, service: spec.service, name: `${settings.registry}/${app}/${slugOf(spec.service)}` }, signal)
    return { ...artifact, image }
  }
  const driver = createSwarmDriver({ home, managers, workshop, doorImage: settings.edges.image, dataLabel: settings.dataLabel, builder: { build }, registry, clock: systemClock })
  const tunnels = createTunnels(driver)
  const nearby: Nearby = { driver: nearDriver(driver, tunnels), probe: nearProbe(driver, tunnels), near: (app, address) => tunnels.to(app, address) }
  const resources = createSwarmResources({
    home, managers, near: nearby.near, registry, clock: systemClock, images: config.images, label: settings.dataLabel,
    keepDisk: (app, disk, signal) => driver.keepDisk(app, disk, signal),
    accountOf: (app, wanted) => store.databaseAccounts.settle(app, wanted),
    passwordOf: (app, name) => store.keptValues.settle(app, `plimsoll/password of ${name}`, () => generateValue(randomBytes)),
    forget: (app) => store.databaseAccounts.forget(app),
  })
  const edges = await openEdges({ config, settings, home, managers, report })
  return {
    edges,
    place: {
      driver, edges, resources, nearby, sharesLoopback: false,
      listening: (instance) => driver.listening(instance),
      reach: async ({ app, address }, signal) => (address.host.endsWith(`.${app}.internal`) ? createProbe((each, until) => driver.dial(app, each, until)).tcp({ address, timeoutMs: 5_000 }, signal) : undefined),
      askersOf: (app) => swarmAskers(driver, app),
      assertRunnable: assertDockerCanRun,
      pinImages: (app, specs, signal) => Promise.all(specs.map(async (spec) => {
        const { image, service } = spec
        return image === undefined ? spec : { ...spec, image: { ...image, reference: await registry.pin({ app, service, image }, signal) } }
      })),
      copies: copiesOnServers(withTunnels(resources.copyServers, tunnels)), clones: clusterClones({ store, driver, reach: resources.reach }),
      async forget(app) {
        await tunnels.close(app)
        await forgetApp({ home, clock: systemClock }, app)
      },
      pruneBuilds: (request) => builder.prune(request),
    },
    async supervise(signal) {
      await Promise.all([builder.sweep(), sweepEngine(driver, { report, signal })])
    },
    stopResources: (signal) => resources.stop(signal),
    async close() {
      await Promise.all([tunnels.close(), driver.close(), edges.close()])
    },
  }
}

function engines({ managers: [first, ...others] }: SwarmSettings, machine: Config['machine']): [DockerEngine, ...DockerEngine[]] {
  const open = (host: string): DockerEngine => openDockerEngine(engineAddress({ ...machine, DOCKER_HOST: host }))
  return [open(first), ...others.map(open)]
}

/** Those to a server are closed with it. */
function withTunnels({ open, remove }: CopyServers, tunnels: Pick<Tunnels, 'close'>): CopyServers {
  return {
    open,
    async remove(run, signal) {
      await tunnels.close(ownerOfCopies(run))
      await remove(run, signal)
    },
  }
}

type EdgesParts = Pick<SwarmPlaceParts, 'config' | 'settings' | 'home' | 'report'> & { readonly managers: readonly [DockerEngine, ...DockerEngine[]] }

async function openEdges({ config, settings, home, managers, report }: EdgesParts): Promise<EdgeFleet> {
  const { edge } = await fleetSecrets(config.home)
  const { image, uid, constraint, port } = settings.edges
  const cluster = createClusterEdges({
    home, managers, clock: systemClock, wanted: { image, uid, constraint, ports: { users: port, control: controlPort } }, login: {},
    secrets: { [edgeSecretNames.key]: edge.key, [edgeSecretNames.certificate]: edge.certificate, [edgeSecretNames.peer]: edge.peer },
  })
  await cluster.ensure(AbortSignal.timeout(firstEdgeMs))
  const fleet = await createEdgeFleet({ home: config.home, members: (signal) => cluster.members(signal), machines: (signal) => cluster.machines(signal), log: (line) => report(line) })
  return { ...fleet, async shift(traffic, signal) {
    await untilOneIsThere(fleet, signal)
    return fleet.shift(traffic, signal)
  } }
}

/** A switch that no edge hears of is none. */
async function untilOneIsThere(fleet: EdgeFleet, signal: AbortSignal): Promise<void> {
  for (const until = systemClock.now() + firstEdgeMs; !fleet.standingOf().some(({ is }) => is !== 'away'); await systemClock.sleep(pollMs, signal)) {
    if (systemClock.now() >= until) throw new PlimsollError('EDGE_DOWN', 'No edge of the cluster answers', { hint: 'Which machines are to have one is told by a label: docker node update --label-add plimsoll.edge=true NODE' })
  }
}
