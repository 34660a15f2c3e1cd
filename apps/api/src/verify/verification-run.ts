import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unitSpecs } from '@plimsoll/blueprint'
import { buildAll, type Edge, type KeptRelease } from '@plimsoll/engine'
import { isPlimsollError, PlimsollError, stateBy, toProblem, verdictsOf, type AppName, type Artifact, type DriverName, type Source, type UnitSpec, type Verification, type VerificationEvent } from '@plimsoll/model'
import { askAll, openRehearsal, skipChecks, suiteChecks, type RehearsalCheck, type SuiteConfig } from '@plimsoll/verify'
import { blueprintText } from '../blueprint-text.ts'
import type { Place, PlacedServices, Services } from '../services.ts'
import { readBlueprint } from '../wiring.ts'
import { appWithStandIns } from './app-with-stand-ins.ts'
import { liveRelease } from './live-release.ts'
import { openRehearsalEdge } from './rehearsal-edge.ts'
import { suitesIn } from './suite-worlds.ts'
import { rehearsalParts } from './rehearsal-parts.ts'

interface Beginning {
  readonly services: Services
  readonly app: AppName
  readonly place: DriverName
  readonly source: Source
  /** What the repository says about its own suites. */
  readonly config: SuiteConfig
  readonly id: string
  readonly seed: number
  readonly told: (event: VerificationEvent) => void
}

/** How many checks are asked at once: they wait for services more than they work. */
const width = 4

/** One verification from its record to its end. */
export class VerificationRun {
  readonly #services: PlacedServices
  readonly #told: Beginning['told']
  readonly #config: SuiteConfig
  #record: Verification

  private constructor({ services, told, config }: Beginning, place: Place, record: Verification) {
    this.#services = { ...services, ...place }
    this.#told = told
    this.#config = config
    this.#record = record
  }

  /** Writes it down, before there is anything of it. Throws `PLACE_CANNOT`. */
  static async begin(beginning: Beginning): Promise<VerificationRun> {
    const { services, app, place, source, id, seed } = beginning
    const opened = await services.places.open(place)
    const directory = join(services.verifications, id)
    await mkdir(join(directory, 'evidence'), { recursive: true, mode: 0o700 })
    const record: Verification = {
      version: 1, id, app, place, source, state: 'running', startedAt: new Date(services.clock.now()).toISOString(), artifacts: [], seed, checks: [], suites: [], directory,
    }
    await services.store.verifications.begin(record)
    beginning.told({ event: 'start', data: record })
    return new VerificationRun(beginning, opened, record)
  }

  /** Asks everything. The record is settled and told whatever happens; throws what could not be told as an answer: a build that failed, a signal. */
  async toItsEnd(signal: AbortSignal): Promise<void> {
    try {
      await this.#verify(signal)
      await this.#settle({ state: stateBy(verdictsOf(this.#record)) })
    } catch (error) {
      const state = signal.aborted ? 'interrupted' : 'unsure'
      await this.#settle({ state, problem: this.#services.secrets.redactAll(toProblem(error)) })
      if (!isPlimsollError(error) && !signal.aborted) throw error
    }
  }

  async #verify(signal: AbortSignal): Promise<void> {
    const { app, source } = this.#record
    const blueprint = await blueprintText(source)
    const specs = await this.#understood(blueprint, signal)
    const live = await liveRelease(this.#services, app, signal)
    if (live !== undefined) this.#record = { ...this.#record, against: live.release }
    const edge = openRehearsalEdge(this.#record.id, signal)
    try {
      const artifacts = await this.#build({ blueprint, specs }, signal)
      await this.#ask({ blueprint, specs, artifacts, live, edge: await edge.up }, signal)
    } finally {
      await edge.close()
    }
  }

  async #understood(blueprint: string, signal: AbortSignal): Promise<readonly UnitSpec[]> {
    const { app, source } = this.#record
    const specs = unitSpecs(readBlueprint(blueprint, source.blueprint))
    this.#services.assertRunnable(specs)
    return this.#services.pinImages(app, specs, signal)
  }

  async #build({ blueprint, specs }: { readonly blueprint: string; readonly specs: readonly UnitSpec[] }, signal: AbortSignal): Promise<Record<string, Artifact>> {
    this.#phase('Build what changed')
    const { app, source } = this.#record
    const environments = await appWithStandIns(this.#services, { app, source, blueprint }, signal)
    const output = (line: Parameters<Parameters<typeof buildAll>[0]['output']>[0]): void => this.#told({ event: 'line', data: line })
    const artifacts = await buildAll({ app, source, specs, environments, output, build: this.#services.driver.build }, signal)
    const built = Object.values(artifacts).map(({ service, digest, inputs, sizeBytes, image }) => ({ service, digest, inputs, sizeBytes, ...(image !== undefined && { image }) }))
    this.#record = { ...this.#record, artifacts: built }
    return artifacts
  }

  async #ask(subject: { readonly blueprint: string; readonly specs: readonly UnitSpec[]; readonly artifacts: Record<string, Artifact>; readonly live: KeptRelease | undefined; readonly edge: Edge }, signal: AbortSignal): Promise<void> {
    this.#phase('Ask it everything, in a throw-away copy')
    const rehearsal = openRehearsal(await rehearsalParts(this.#services, { verification: this.#record, ...subject, told: this.#told }))
    try {
      const checks = await askAll(rehearsal, { checks: await this.#checks(subject.live), clock: this.#services.clock, width, told: this.#told }, signal)
      this.#record = { ...this.#record, checks: [...checks] }
    } finally {
      await rehearsal.close()
      // After the copies, whose services write down what they ran when they end.
      await this.#services.suites.remove(suitesIn(this.#record.directory), new AbortController().signal)
    }
  }

  /** What is asked of every app, and then what its own suites ask, but for what its configuration leaves out. */
  async #checks(live: KeptRelease | undefined): Promise<readonly RehearsalCheck[]> {
    const { app, source, directory } = this.#record
    const { rehearsalChecks, suites, store } = this.#services
    const own = suiteChecks(this.#config, {
      world: await suites.open(source.root, suitesIn(directory)), historyFile: suites.historyFile(app), root: source.root,
      liveCommit: live === undefined ? undefined : (await store.releases.find(app, live.release))?.source.commit,
      record: {
        suite: (run) => { this.#record = { ...this.#record, suites: [...this.#record.suites, run] } },
        coverage: (coverage) => { this.#record = { ...this.#record, coverage } },
      },
    })
    const { checks, unknown } = skipChecks([...rehearsalChecks, ...own], this.#config.checks)
    if (unknown.length > 0) throw new PlimsollError('CONFIG_INVALID', `plimsoll.config.ts leaves out checks that there are none of: ${unknown.join(', ')}`, { hint: `There are ${checks.map(({ id }) => id).join(', ')}` })
    return checks
  }

  #phase(title: string): void {
    this.#told({ event: 'phase', data: { title, at: new Date(this.#services.clock.now()).toISOString() } })
  }

  async #settle(end: Pick<Verification, 'state' | 'problem'>): Promise<void> {
    const { clock, secrets, store } = this.#services
    this.#record = secrets.redactAll({ ...this.#record, ...end, endedAt: new Date(clock.now()).toISOString() })
    await store.verifications.settle(this.#record)
    this.#told({ event: 'end', data: this.#record })
  }
}
