import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, type Address, type Artifact, type CanaryStep, type Environment, type Outcome, type Release, type ReleaseNumber, type UnitSpec } from '@plimsoll/model'
import { createHash } from 'node:crypto'
import type { Check } from '../check.ts'
import type { Probe } from '../probe.ts'
import type { Prover } from '../prover.ts'
import { keptIn } from '../kept-in.ts'
import type { EdgeContext, EnvironmentRequest, NotedComparison } from '../release-context.ts'
import { runSteps } from '../run-steps.ts'
import type { AnyStep } from '../step.ts'
import type { WarmUp } from '../warm-up.ts'
import { fakeDriver, type FakeDriverOptions } from './fake-driver.ts'
import { fakeEdge } from './fake-edge.ts'
import { manualClock } from './manual-clock.ts'
import { memoryJournal, type MemoryJournal } from './memory-journal.ts'

export const shop = appNameSchema.parse('shop')

const spec = (service: string, kind: UnitSpec['kind'], more: Partial<UnitSpec> = {}): UnitSpec => ({
  service: serviceNameSchema.parse(service), kind, runtime: 'node', rootDir: '', startCommand: `node ${service}.js`,
  maxShutdownDelayMs: 30_000, instances: 1, reaches: [], ...more,
})

/** What a test changes between releases. */
function shopToday() {
  return {
    specs: [spec('web', 'web', { healthCheckPath: '/healthz' }), spec('api', 'web', { healthCheckPath: '/healthz', preDeployCommand: 'migrate' }), spec('mailer', 'worker')],
    /** Changes the bytes of every artifact. */
    code: 'v1',
    /** Changes the bytes of one service's artifact. */
    codeOf: {} as Record<string, string>,
    /** Set by a person for every service, without a build that is told. */
    setting: 'first',
    /** service → the one that it is told the address of. */
    reaches: {} as Record<string, string>,
    migration: 0,
    /** Where the units of the last release were told that the others are. */
    wired: {} as Readonly<Record<string, Address>>,
    /** What was written down of each release when it was held against what was live. */
    noted: new Map<number, NotedComparison>(),
  }
}
type Shop = ReturnType<typeof shopToday>

function artifactOf(world: Shop, service: UnitSpec['service']): Artifact {
  const digest = digestSchema.parse(`sha256:${createHash('sha256').update((world.codeOf[service] ?? world.code) + service).digest('hex')}`)
  const assets = service === 'web' ? [{ directory: '.next/static', urlPrefix: '/_next/static/' }] : []
  return { service, digest, inputs: digest, files: `/artifacts/${digest}`, sizeBytes: 1, fileCount: 1, layout: 'traced', assets, publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 1 }
}

/** The code stands in the build's environment, so that a change of it is a change of the build's inputs. */
function environmentsOf(world: Shop, { phase, addresses }: Pick<EnvironmentRequest, 'phase' | 'addresses'>): Record<string, Environment> {
  return Object.fromEntries(world.specs.map(({ service }) => {
    const reached = addresses[world.reaches[service] ?? '']
    return [service, {
      ...(phase === 'build' ? { CODE: value(world.codeOf[service] ?? world.code) } : { SETTING: value(world.setting) }),
      ...(reached !== undefined && { REACHES: value(String(reached.port)) }),
    }]
  }))
}

const value = (text: string): Environment[string] => ({ value: text, origin: 'value', secret: false })

/** What sets a release apart from one of what is new now. */
interface RecordMore {
  readonly backTo?: number
  readonly canary?: readonly CanaryStep[]
}

export interface ReleaseWorldOptions {
  readonly behaviour?: FakeDriverOptions['behaviour']
  readonly checks?: readonly Check[]
  readonly probe?: Probe
  readonly prover?: Prover
  readonly warmUp?: WarmUp
  /** Told of each pre-deploy command when it begins. */
  readonly onMigrate?: () => void
  /** Told of each line for whoever watches. */
  readonly output?: EdgeContext['output']
  readonly can?: FakeDriverOptions['can']
}

/** An app of three services on fakes, with everything that a release needs, and what it left behind. */
export function releaseWorld(options: ReleaseWorldOptions = {}) {
  const clock = manualClock({ auto: true })
  const journals = new Map<number, MemoryJournal>()
  const edge = fakeEdge()
  const world = shopToday()
  const driver = fakeDriver({
    clock,
    ...(options.behaviour !== undefined && { behaviour: options.behaviour }),
    ...(options.can !== undefined && { can: options.can }),
    command: () => {
      options.onMigrate?.()
      return { code: world.migration }
    },
    artifact: ({ spec: { service } }) => artifactOf(world, service),
  })

  const context = (release: Release) => (signal: AbortSignal): EdgeContext => ({
    app: shop, release, fence: release.number, signal, driver, edge, clock, checks: options.checks ?? [],
    probe: options.probe ?? { http: async () => ({ is: 'healthy', status: 200 }), tcp: async () => ({ is: 'healthy' }) },
    warmUp: options.warmUp ?? (async () => undefined),
    gate: { successes: 3, intervalMs: 500, timeoutMs: 3_000, deadlineMs: 120_000 },
    output: options.output ?? (() => undefined), listening: async () => [], reach: async () => undefined,
    wiring: {
      understand: async () => ({ blueprint: 'services: []', specs: world.specs, wanted: { databases: [], keyValues: [] } }),
      provision: async () => ({ databases: {}, keyValues: {} }),
      entries: async (specs) => Object.fromEntries(specs.map(({ service }, i) => [service, { port: 4100 + i, hosts: [`${service}.shop.localhost`] }])),
      environments: async (request) => {
        if (request.phase === 'run') world.wired = request.addresses
        return environmentsOf(world, request)
      },
    },
    prover: options.prover ?? { prove: async () => ({ verification: 'v1', reused: false, is: 'passed', verdicts: [], report: '/nowhere' }) },
    memory: {
      recall: async (number) => keptIn(journals.get(number)?.entries ?? [], { app: shop, release: number }),
      note: async (comparison) => void world.noted.set(release.number, comparison),
    },
  })

  const recordOf = (number: number, steps: readonly AnyStep<EdgeContext>[], { backTo, canary }: RecordMore = {}): Release => ({
    app: shop, number: releaseNumberSchema.parse(number), kind: backTo === undefined ? 'release' : 'rollback',
    ...(backTo !== undefined && { backTo: releaseNumberSchema.parse(backTo) }),
    ...(canary !== undefined && { canary: [...canary] }),
    state: 'releasing', source: { root: '/repo', blueprint: 'render.yaml', dirty: false }, steps: steps.map(({ name, title }) => ({ name, title })), startedAt: '2026-01-01T00:00:00.000Z',
  })

  async function release(number: number, steps: readonly AnyStep<EdgeContext>[], more: RecordMore & { readonly journal?: MemoryJournal } = {}): Promise<Outcome> {
    const never = new AbortController().signal
    const journal = more.journal ?? memoryJournal()
    journals.set(number, journal)
    return runSteps({ steps, journal, clock, interrupted: never, lost: never, context: context(recordOf(number, steps, more)) })
  }

  return { world, driver, edge, clock, release, context: (number: number) => context(recordOf(number, []))(new AbortController().signal), live: () => liveOf(edge), units: () => unitsRunning(driver) }
}

async function liveOf(edge: ReturnType<typeof fakeEdge>): Promise<ReleaseNumber | undefined> {
  return (await edge.live(shop, new AbortController().signal))?.live.release
}

/** Names of the units that run, in order. */
async function unitsRunning(driver: ReturnType<typeof fakeDriver>): Promise<string[]> {
  const instances = await driver.observe(shop, new AbortController().signal)
  return [...new Set(instances.filter(({ state }) => state !== 'exited').map(({ unit }) => unit.name))].toSorted()
}
