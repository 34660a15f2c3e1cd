import { join } from 'node:path'
import { readCommits } from '@plimsoll/drivers'
import { createEdge } from '@plimsoll/edge'
import { readSource } from '@plimsoll/repository'
import type { EmbeddedPostgres } from '@plimsoll/store'
import { builtInChecks, createProbe, createPublicChecks, createWarmUp, findBrowser } from '@plimsoll/verify'
import type { Config } from './config.ts'
import { edgeByPlace } from './edge-by-place.ts'
import { entryPorts } from './entry-ports.ts'
import { openFaultPoints } from './faults/fault-points.ts'
import { withFaults } from './faults/with-faults.ts'
import { findSample } from './find-sample.ts'
import type { GroundFloor } from './ground-floor.ts'
import { createLineHub } from './line-hub.ts'
import { dockerOffer } from './places/docker-offer.ts'
import { offerPlace } from './places/offer-place.ts'
import { openPlaces } from './places/open-places.ts'
import { processPlace } from './places/process-place.ts'
import { renderOffer } from './places/render-offer.ts'
import { swarmOffer } from './places/swarm-offer.ts'
import { createSecretBook } from './secret-book.ts'
import type { Services } from './services.ts'
import { clusterMark } from './swarm-settings.ts'
import { systemClock } from './system-clock.ts'
import { createPainter, type Painter } from './traffic/painter.ts'
import { openTracing } from './tracing/open-tracing.ts'
import { createVerifier, type Verifier } from './verify/create-verifier.ts'
import { suiteWorlds } from './verify/suite-worlds.ts'
import { tellPeople } from './verify/tell-people.ts'

export interface Composition {
  readonly services: Services
  readonly verifier: Verifier
  readonly painter: Painter
  /** Takes up the units that should run. */
  readonly supervise: (signal: AbortSignal) => Promise<void>
  /** Ends what places run for apps beside their units, with the data kept. */
  readonly stopResources: (signal: AbortSignal) => Promise<void>
  /** Lets go of the places; what runs there runs on. */
  readonly close: () => Promise<void>
  /** The embedded server, if there is one. */
  readonly postgres: EmbeddedPostgres | undefined
}

/** How the health of a candidate is judged: three answers in a row half a second apart, three seconds for each. */
const gate = { successes: 3, intervalMs: 500, timeoutMs: 3_000 } as const

export interface Composing {
  readonly ground: GroundFloor
  readonly version: string
  readonly report: (error: unknown) => void
  /** False for one that only tells what runs, because another process starts it. */
  readonly startsUnits?: boolean
}

/** Makes the real parts and puts them together. The one place that knows them all. */
export async function compose(config: Config, { ground, version, report, startsUnits = true }: Composing): Promise<Composition> {
  const { postgres, store, edge } = ground
  const tracing = await openTracing(config.tracing, { version, report })
  for (const directory of postgres?.left ?? []) report(`${directory} holds the database of an earlier home at ${config.home}, and is not used any more. To remove it for ever: rm -r ${directory}`)
  const processes = offerPlace({ name: 'process', wasUsed: async () => true, make: () => processPlace({ config, store, postgres, report, startsUnits }) })
  const secrets = createSecretBook()
  const docker = dockerOffer({ config, store, secrets, report })
  const swarm = swarmOffer({ config, store, secrets, report })
  const places = openPlaces([processes, docker, swarm, renderOffer({ config, store, secrets })])
  // Neither is one known nor was one ever used: nobody has to look up, several times a second, where an app lives.
  const noCluster = config.swarm === undefined && !(await swarm.wasUsed())
  const probe = createProbe()
  const services: Services = {
    store, probe, version, places,
    console: config.consoleUrl,
    edgeChoice: config.haproxy === undefined ? 'own' : 'haproxy', cluster: clusterMark(config.swarm),
    edge: edgeByPlace({
      here: createEdge({ controlSocket: edge.controlSocket }),
      async of(app) {
        if (noCluster) return undefined
        const place = (await store.apps.find(app))?.place
        return (await [swarm].find(({ name }) => name === place)?.open())?.edges
      },
      // Those of a place that could not be opened are told by whoever opens it.
      others: async () => [await swarm.opened()?.catch(() => undefined)].flatMap((place) => (place === undefined ? [] : [place.edges])),
    }),
    checks: builtInChecks(probe), publicChecks: createPublicChecks({ clock: systemClock, fetch }), prover: { prove: (subject, until) => verifier.prove(subject, until) },
    rehearsalChecks: async () => (await import('./verify/all-checks.ts')).allChecks({ clock: systemClock, probe }), browser: await findBrowser(config.machine), verifications: join(config.home, 'verifications'), suites: suiteWorlds(config), tracing, tellPeople: tellPeople(config, secrets),
    gate: { ...gate, deadlineMs: config.healthDeadlineMs },
    warmUp: createWarmUp(),
    clock: systemClock, secrets, hub: createLineHub(),
    entryPort: entryPorts(store, config.entryPorts),
    sharedPort: config.edgePort, watchMs: config.watchMs, warmMs: config.warmMs,
    images: {
      build: async (request, until) => (await docker.open()).images.build(request, until),
      push: async (image, until) => (await docker.open()).images.push(image, until),
    },
    limits: config.limits, sources: join(config.home, 'sources'), readSource: (root, blueprint) => readSource(root, blueprint), readCommits, sample: findSample(),
  }
  const verifier = createVerifier(services)
  return {
    verifier,
    // By the parts as they are: it only looks, and a fault that is meant for a watch is not to strike where it does.
    painter: createPainter({ services, report }),
    services: config.faults === undefined ? services : withFaults(services, openFaultPoints(config.faults)), postgres,
    stopResources: places.stopResources,
    supervise: places.supervise,
    close: async () => {
      await tracing?.close()
      await places.close()
    },
  }
}
