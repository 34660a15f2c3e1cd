import { randomBytes } from 'node:crypto'
import { generateValue } from '@plimsoll/blueprint'
import { createDockerDriver, createDockerResources, createGivenImages, createImageBuilder, createRegistry, type Registry } from '@plimsoll/drivers/docker'
import { forgetApp } from '@plimsoll/drivers'
import type { Store } from '@plimsoll/store'
import type { Config } from '../config.ts'
import { systemClock } from '../system-clock.ts'
import { cloneDatabases } from './clone-databases.ts'
import { copiesOnServers } from './copies-on-servers.ts'
import { assertDockerCanRun } from './docker-limits.ts'
import { lateEngine } from './late-engine.ts'
import type { SecretBook } from '../secret-book.ts'
import type { Images, Place } from '../services.ts'
import type { RunningPlace } from './running-place.ts'
import { isAway, sweepEngine } from './sweep-engine.ts'

export interface DockerPlace extends RunningPlace {
  /** Makes the images, also for whoever wants nothing else. */
  readonly images: Images
}

export interface DockerPlaceParts {
  readonly config: Config
  /** Its own directory: what is built here is another thing than what processes run, though it may come from the same inputs. */
  readonly home: string
  readonly store: Store
  readonly secrets: Pick<SecretBook, 'learn'>
  readonly report: (error: unknown) => void
}

/** Containers of the engine that `DOCKER_HOST` names, else of this machine's. */
export function dockerPlace({ config, home, store, secrets, report }: DockerPlaceParts): DockerPlace {
  const { machine, images } = config
  const engine = lateEngine(machine)
  const builder = createImageBuilder({ home, machine, engine, bases: config.baseImages, cacheBytes: config.limits.buildCacheBytes })
  const registry = createRegistry({
    engine, machine, clock: systemClock, learn: (values) => secrets.learn(values),
    keptLogin: async (app, name) => (await store.keptValues.values(app))[`registry:${name}/LOGIN`],
  })
  const given = createGivenImages({ home, engine, registry })
  const build: typeof builder.build = (request, signal) => (request.spec.image === undefined ? builder.build(request, signal) : builder.unpruned(() => given.build(request, signal)))
  const driver = createDockerDriver({ home, engine, builder: { build }, registry, clock: systemClock })
  const resources = createDockerResources({
    home, engine, registry, clock: systemClock, images,
    accountOf: (app, wanted) => store.databaseAccounts.settle(app, wanted),
    passwordOf: (app, name) => store.keptValues.settle(app, `plimsoll/password of ${name}`, () => generateValue(randomBytes)),
    forget: (app) => store.databaseAccounts.forget(app),
  })
  const told = (error: unknown): void => {
    // Most machines have no engine, and no app that misses it.
    if (!isAway(error)) report(error)
  }
  // From when there is something to keep: its first release may come long after Plimsoll has started.
  driver.keepUp(told)
  return {
    images: { build: (request, signal) => builder.build(request, signal), push: (image, signal) => registry.push(image, signal) },
    place: {
      driver, resources,
      listening: (instance) => driver.listening(instance),
      reach: (question, signal) => driver.reach(question, signal),
      assertRunnable: assertDockerCanRun,
      pinImages: pinnedBy(registry), copies: copiesOnServers(resources.copyServers), clones: cloneDatabases({ store, reach: resources.reach }), sharesLoopback: false,
      forget: (app) => forgetApp({ home, clock: systemClock }, app),
      pruneBuilds: (request) => builder.prune(request).catch(nothingWhileAway),
    },
    // The engine keeps containers running, and starts them with the machine.
    async supervise(signal) {
      await Promise.all([builder.sweep(), sweepEngine(driver, { report, signal })])
    },
    stopResources: (signal) => resources.stop(signal).catch(told),
    close: () => driver.close(),
  }
}

function pinnedBy(registry: Pick<Registry, 'pin'>): Place['pinImages'] {
  return (app, specs, signal) => Promise.all(specs.map(async (spec) => {
    const { image, service } = spec
    return image === undefined ? spec : { ...spec, image: { ...image, reference: await registry.pin({ app, service, image }, signal) } }
  }))
}

/** What is on an engine that is away is pruned when it is back. */
function nothingWhileAway(error: unknown): [] {
  if (isAway(error)) return []
  throw error
}
