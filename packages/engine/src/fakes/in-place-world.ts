import { releaseNumberSchema, serviceNameSchema, type LogLine, type Outcome, type Release, type UnitSpec, type Verdict } from '@plimsoll/model'
import { backInPlace } from '../back-in-place.ts'
import { inPlace } from '../in-place.ts'
import type { BackInPlaceContext, InPlaceContext, PublicSite } from '../in-place/in-place-context.ts'
import { settledIn } from '../in-place/settled-in.ts'
import type { Prover } from '../prover.ts'
import { runSteps } from '../run-steps.ts'
import type { Platform, Survey } from '../in-place/platform.ts'
import { fakePlatform, type FakePlatformOptions } from './fake-platform.ts'
import { manualClock } from './manual-clock.ts'
import { memoryJournal, type MemoryJournal } from './memory-journal.ts'
import { shop } from './release-world.ts'

const spec = (service: string, more: Partial<UnitSpec> = {}): UnitSpec => ({
  service: serviceNameSchema.parse(service), kind: 'web', runtime: 'node', rootDir: '', startCommand: `node ${service}.js`, maxShutdownDelayMs: 30_000, instances: 1, reaches: [], ...more,
})

/** What a test changes between releases. */
export interface PlatformShop {
  commit: string
  variables: Record<string, Record<string, string>>
  /** What the public check says of a site. */
  verdict: (site: PublicSite) => Verdict['is']
}

/** How a test has a release run. */
export interface InPlaceRun {
  readonly journal?: MemoryJournal
  readonly interrupted?: AbortSignal
  /** How it reaches the platform. */
  readonly through?: Platform
}

const never = new AbortController().signal

/** An app of two services on a fake platform, `web` reaching `api`, with all that a release needs, and what it was told. */
export function inPlaceWorld(options: FakePlatformOptions = {}, prover: Prover = { prove: async () => ({ verification: 'v1', reused: false, is: 'passed', verdicts: [], report: '/nowhere' }) }) {
  const clock = manualClock({ auto: true })
  const platform = fakePlatform(options)
  const lines: LogLine[] = []
  const noted = new Map<number, Survey['environments']>()
  const world: PlatformShop = { commit: 'a'.repeat(40), variables: { web: { API: '@api', COLOUR: 'red' }, api: { LIMIT: '1' } }, verdict: () => 'pass' }
  const specs = [spec('web', { reaches: [serviceNameSchema.parse('api')] }), spec('api')]

  const releaseOf = (number: number, commit: string): Release => ({
    app: shop, number: releaseNumberSchema.parse(number), kind: 'release', state: 'releasing', steps: inPlace.steps.map(({ name, title }) => ({ name, title })), startedAt: '2026-01-01T00:00:00.000Z',
    source: { root: '/repo', blueprint: 'render.yaml', commit, dirty: false },
  })

  const contextOf = (release: Release, signal: AbortSignal, through: Platform = platform): InPlaceContext => ({
    app: shop, release, fence: release.number, signal, clock, platform: through, output: (line) => void lines.push(line),
    wiring: { understand: async () => ({ blueprint: JSON.stringify(world.variables), specs, wanted: { databases: [], keyValues: [] } }), entries: async () => ({}) },
    prover, memory: { live: async () => null, note: async (environments) => void noted.set(release.number, environments) },
    publicChecks: [{ id: 'public.answers', ask: async (site) => [{ check: 'public.answers', is: world.verdict(site), finding: `${site.url} was asked`, tookMs: 1 }] }],
  })

  const made = new Map<number, { readonly journal: MemoryJournal; readonly record: Release }>()

  async function release(number: number, { journal = memoryJournal(), through, interrupted = never }: InPlaceRun = {}): Promise<Outcome> {
    const record = releaseOf(number, world.commit)
    made.set(number, { journal, record })
    return runSteps({ steps: inPlace.steps, journal, clock, interrupted, lost: never, context: (signal) => contextOf(record, signal, through) })
  }

  const backContextOf = (number: number, to: number, { signal, through }: { readonly signal: AbortSignal; readonly through?: Platform | undefined }): BackInPlaceContext => {
    const target = made.get(to)
    const record: Release = { ...releaseOf(number, target?.record.source.commit ?? ''), kind: 'rollback', backTo: releaseNumberSchema.parse(to) }
    return { ...contextOf(record, signal, through), recall: async (earlier) => settledIn(await (made.get(earlier)?.journal ?? memoryJournal()).read(), { app: shop, release: earlier }) }
  }

  /** Goes back to release `to`, as release `number`. */
  async function goBack(number: number, to: number, { journal = memoryJournal(), through, interrupted = never }: InPlaceRun = {}): Promise<Outcome> {
    return runSteps({ steps: backInPlace.steps, journal, clock, interrupted, lost: never, context: (signal) => backContextOf(number, to, { signal, through }) })
  }

  return {
    world, platform, specs, release, goBack,
    /** release → what was written down of its environments last. */
    noted,
    backContext: (number: number, to: number) => backContextOf(number, to, { signal: never }),
    context: (number: number) => contextOf(releaseOf(number, world.commit), never),
    said: () => lines.map(({ service, text }) => `${service}: ${text}`),
    /** service → the commit that serves, and whether a push deploys it. */
    stand: () => Object.fromEntries([...platform.workspace.services].map(([name, { deploys, autoDeploy }]) => {
      const live = deploys.find(({ is }) => is === 'live')
      return [name, { live: live?.source ?? null, autoDeploy }]
    })),
    deploys: (service: string) => platform.workspace.services.get(service)?.deploys.map(({ by, is }) => `${by} ${is}`) ?? [],
  }
}
