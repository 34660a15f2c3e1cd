import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client } from '@plimsoll/client'
import { readCommits } from '@plimsoll/drivers'
import type { Check, Clock, Probe } from '@plimsoll/engine'
import { fakeDriver, fakeEdge, manualClock, type FakeDriver, type FakeEdge, type ManualClock } from '@plimsoll/engine/fakes'
import type { DriverName, Source, Verdict } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { offerPlace, type PlaceOffer } from '../src/places/offer-place.ts'
import { openPlaces } from '../src/places/open-places.ts'
import { buildApi } from '../src/http/build-api.ts'
import { createCronKeeper, type CronKeeper } from '../src/keep-crons.ts'
import { createHookKeeper, type HookKeeper } from '../src/hooks/keep-hooks.ts'
import { createLineHub } from '../src/line-hub.ts'
import { createPreviewKeeper, type PreviewKeeper } from '../src/previews/keep-previews.ts'
import { createReleaseRunner, type ReleaseRunner } from '../src/release-runner.ts'
import { createVerifier, type Verifier } from '../src/verify/create-verifier.ts'
import { createReleaseWatcher, type ReleaseWatcher } from '../src/watch/release-watcher.ts'
import { createPainter, type Painter } from '../src/traffic/painter.ts'
import { createSecretBook } from '../src/secret-book.ts'
import type { Images, Place, Services } from '../src/services.ts'
import { traceRelease } from '../src/tracing/trace-release.ts'
import type { Tracing } from '../src/tracing/tracing.ts'
import type { ProviderSettings } from '../src/access/provider-settings.ts'
import { suiteWorlds } from '../src/verify/suite-worlds.ts'

export const token = 'a token of the tests'

export interface ApiUnderTest {
  readonly client: Client
  readonly store: Store
  readonly services: Services
  readonly url: string
  readonly runner: ReleaseRunner
  readonly crons: CronKeeper
  readonly watcher: ReleaseWatcher
  readonly hooks: HookKeeper
  readonly previews: PreviewKeeper
  /** Paints what it is told to, and nothing by itself. */
  readonly painter: Painter
  /** What went wrong where nobody waited for an answer. */
  readonly faults: readonly unknown[]
  readonly driver: FakeDriver
  /** That of another place, where an app lives `on: 'docker'`. */
  readonly elsewhere: FakeDriver
  readonly edge: FakeEdge
  /** The apps whose data was destroyed, in order. */
  readonly destroyed: readonly string[]
  /** What builds were asked to let go of, in order. */
  readonly pruned: readonly PruneAsked[]
  /** How often builds of the other place were asked to. */
  readonly prunedElsewhere: { readonly count: number }
  /** What the one check says of every candidate. */
  verdict: Verdict
  /** A directory with a Blueprint. */
  readonly root: string
  /** What the next release holds. */
  write(blueprint: string): Promise<void>
  close(): Promise<void>
}

type PruneAsked = Parameters<Place['pruneBuilds']>[0]

export interface ApiWorld {
  readonly checks?: readonly Check[]
  readonly driver?: FakeDriver
  readonly edge?: FakeEdge
  readonly probe?: Probe
  readonly watchMs?: number
  /** A real one in place of the fake one, with what builds for it. */
  readonly docker?: (parts: Pick<Services, 'store' | 'secrets'>) => { readonly place: Place; readonly images: Images }
  /** A place besides the fake ones. */
  readonly alsoAt?: (parts: Pick<Services, 'store' | 'secrets' | 'clock'>) => PlaceOffer
  readonly publicChecks?: Services['publicChecks']
  readonly readSource?: Services['readSource']
  readonly tracing?: Tracing
  readonly provider?: ProviderSettings
  readonly readCommits?: Services['readCommits']
  /** In place of the real one. */
  readonly verifier?: Pick<Verifier, 'verify'>
  /** The sample's directory, below that of the world. */
  readonly sample?: (root: string) => string
  /** Of the fake places; theirs leaves images as they are. */
  readonly pinImages?: Place['pinImages']
  /** Where databases and key-value services are; there are none unless given. */
  readonly ensure?: Place['resources']['ensure']
  /** That of a driver that is given, where the two must agree about the time. */
  readonly clock?: ManualClock
  readonly absence?: Clock
}

/** The API over real HTTP and a real store, on a place and an edge that are fakes. */
export async function startApiUnderTest(store: Store, world: ApiWorld = {}): Promise<ApiUnderTest> {
  const clock = world.clock ?? manualClock({ auto: true, startsAt: Date.now() })
  const root = await mkdtemp(join(tmpdir(), 'api-'))
  const driver = world.driver ?? fakeDriver({ clock })
  const elsewhere = fakeDriver({ clock })
  const edge = world.edge ?? fakeEdge()
  const destroyed: string[] = []
  const pruned: PruneAsked[] = []
  const prunedElsewhere = { count: 0 }
  const said: { verdict: Verdict } = { verdict: { check: 'shop.opens', is: 'pass', finding: 'it opens', tookMs: 1 } }
  const opens: Check = { id: 'shop.opens', title: 'The shop opens', ask: async () => [said.verdict] }
  let port = 4_100
  const place: Place = {
    driver,
    resources: { ensure: world.ensure ?? (async () => ({ databases: {}, keyValues: {} })), destroy: async (app) => void destroyed.push(app) },
    listening: async () => [], reach: async () => undefined, assertRunnable: () => undefined, pinImages: world.pinImages ?? (async (_app, specs) => specs), copies: undefined, sharesLoopback: true, forget: async () => undefined, pruneBuilds: async (request) => (pruned.push(request), []),
  }
  const secrets = createSecretBook()
  const fakeDocker = { place: { ...place, driver: elsewhere, pruneBuilds: async () => (prunedElsewhere.count++, []) }, images: { build: elsewhere.build, push: async ({ name, id }: { readonly name: string; readonly id: string }) => `${name}@${id}` } }
  const docker = world.docker?.({ store, secrets }) ?? fakeDocker
  const services: Services = {
    store, edge, clock,
    places: openPlaces([offer('process', place), offer('docker', docker.place), ...(world.alsoAt === undefined ? [] : [world.alsoAt({ store, secrets, clock })])]),
    probe: world.probe ?? { http: async () => ({ is: 'healthy', status: 200 }), tcp: async () => ({ is: 'healthy' }) },
    checks: world.checks ?? [opens], publicChecks: world.publicChecks ?? [],
    prover: { prove: async () => ({ verification: 'v1', reused: false, is: 'passed', verdicts: [], report: '/nowhere' }) },
    warmUp: async () => undefined,
    gate: { successes: 3, intervalMs: 500, timeoutMs: 3_000, deadlineMs: 120_000 },
    secrets, hub: createLineHub(), sharedPort: 4_080, watchMs: world.watchMs ?? 0, warmMs: 1_800_000, version: '0.0.0', console: undefined, edgeChoice: 'own',
    entryPort: (app, service) => store.ports.settle({ app, purpose: `entry ${service}`, range: { from: 4_100, to: 4_199 }, isFree: async () => ++port > 0 }),
    sources: join(root, 'sources'), sample: world.sample?.(root), images: docker.images, verifications: join(root, 'verifications'), browser: undefined, rehearsalChecks: async () => [], tellPeople: async () => [], suites: suiteWorlds({ home: root, machine: {} }), tracing: world.tracing,
    readSource: world.readSource ?? (async (directory, blueprint): Promise<Source> => ({ root: directory, blueprint, dirty: true })), readCommits: world.readCommits ?? readCommits,
    limits: { artifactBytes: 100, assetBytes: 10, buildCacheBytes: 10, freeBytes: 1 },
  }
  const faults: unknown[] = []
  const report = (error: unknown): void => void faults.push(error)
  const runner = createReleaseRunner(services, { onSettled: (app, number) => Promise.all([traceRelease(services, app, number), watcher.refresh(app), previews.refresh(app)]).catch(report) })
  const watcher = createReleaseWatcher({ services, runner, report })
  const painter = createPainter({ services, report })
  const crons = createCronKeeper({ services, contextFor: (app, number, signal) => runner.contextOf(app, number, signal), report, output: () => undefined })
  const verifier = world.verifier ?? createVerifier(services)
  const previews = createPreviewKeeper({ services, runner, crons, contextFor: (app, number, signal) => runner.contextOf(app, number, signal), report })
  const hooks = createHookKeeper({ services, runner, verifier, previews }, report)
  const api = buildApi({ services, runner, crons, painter, verifier, hooks, previews, guarding: { token, from: 'this machine', provider: world.provider }, logger: false, ...(world.absence !== undefined && { absence: world.absence }), onStop: () => undefined })
  await api.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`
  return {
    client: createClient({ baseUrl: url, token }), store, services, url, runner, crons, watcher, painter, hooks, previews, faults, driver, elsewhere, edge, root, destroyed, pruned, prunedElsewhere,
    get verdict() { return said.verdict },
    set verdict(verdict) { said.verdict = verdict },
    write: (blueprint) => writeFile(join(root, 'render.yaml'), blueprint),
    async close() {
      await hooks.close()
      await previews.close()
      await watcher.close()
      await painter.close()
      await crons.close({ endRuns: true })
      await runner.idle({ interrupt: true })
      await api.close()
      await rm(root, { recursive: true })
    },
  }
}

function offer(name: DriverName, place: Place): PlaceOffer {
  const nothing = async (): Promise<void> => undefined
  return offerPlace({ name, wasUsed: async () => true, make: async () => ({ place, supervise: nothing, stopResources: nothing, close: nothing }) })
}

/** A web app and a worker; `version` stands in an environment variable, so that each one is another release. */
export const blueprintOf = (version: string): string => `services:
  - type: web
    name: web
    runtime: node
    buildCommand: npm run build
    startCommand: node web.js
    envVars:
      - key: VERSION
        value: ${JSON.stringify(version)}
      - key: SESSION_SECRET
        generateValue: true
  - type: worker
    name: mailer
    runtime: node
    buildCommand: npm run build
    startCommand: node mailer.js
`
