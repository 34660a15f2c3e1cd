import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unitSpecs } from '@plimsoll/blueprint'
import { buildAll, type Edge, type KeptRelease } from '@plimsoll/engine'
import { errorCodes, stateBy, toProblem, verdictsOf, type AppName, type Artifact, type Coverage, type DriverName, type ErrorCode, type LogLine, type Source, type SuiteRun, type UnitSpec, type Verification, type VerificationEvent } from '@plimsoll/model'
import { askAll, openRehearsal, signStatement, testResultOf, type SuiteConfig } from '@plimsoll/verify/rehearse'
import { redacted, writeReports } from '@plimsoll/verify/report'
import type { Place, PlacedServices, Services } from '../services.ts'
import { traceparentOf } from '../tracing/tracing.ts'
import { verificationPoint, verificationSpans } from '../tracing/verification-spans.ts'
import { blueprintFor } from '../wiring.ts'
import { appWithStandIns } from './app-with-stand-ins.ts'
import { blueprintDigest } from './blueprint-digest.ts'
import { checksOf } from './checks-of.ts'
import { attestationFile } from './find-proof.ts'
import { installationKey } from './installation-key.ts'
import { liveRelease } from './live-release.ts'
import { openRehearsalEdge } from './rehearsal-edge.ts'
import { rehearsalParts } from './rehearsal-parts.ts'
import { channelsIn } from './channels-in.ts'
import { suitesOf } from './suite-worlds.ts'

export interface VerificationStart {
  readonly services: Services
  readonly app: AppName
  readonly place: DriverName
  readonly source: Source
  /** What the repository says about its own suites. */
  readonly config: SuiteConfig
  /** The text of render.yaml. */
  readonly blueprint: string
  readonly id: string
  readonly seed: number
  readonly paused?: true
  readonly told: (event: VerificationEvent) => void
  /** Where its reports are written besides its own directory; absolute. */
  readonly report?: string
  /** What asked for it, in the trace that it belongs to. */
  readonly traceparent: string | undefined
  /** What was built already; built from `source` unless given. */
  readonly built?: Built
}

interface Built {
  readonly specs: readonly UnitSpec[]
  readonly artifacts: Readonly<Record<string, Artifact>>
}

/** How many checks are asked at once: they wait for services more than they work. */
const width = 4

/** One verification from its record to its end. */
export class VerificationRun {
  readonly #start: VerificationStart
  readonly #services: PlacedServices
  #record: Verification

  private constructor(start: VerificationStart, place: Place, record: Verification) {
    this.#start = start
    this.#services = { ...start.services, ...place }
    this.#record = record
  }

  /** Writes it down, before there is anything of it. Throws `PLACE_CANNOT`. */
  static async begin(start: VerificationStart): Promise<VerificationRun> {
    const { services, app, place, source, id, seed, paused, blueprint } = start
    const opened = await services.places.open(place)
    const directory = join(services.verifications, id)
    await mkdir(join(directory, 'evidence'), { recursive: true, mode: 0o700 })
    const record: Verification = {
      version: 1, id, app, place, source, blueprint: blueprintDigest(blueprint), state: 'running', startedAt: new Date(services.clock.now()).toISOString(),
      artifacts: [], ...(paused && { paused }), seed, checks: [], suites: [], directory,
    }
    await services.store.verifications.begin(record)
    start.told({ event: 'start', data: record })
    return new VerificationRun(start, opened, record)
  }

  /** Asks everything, and gives the record, settled and told. What kept it from its end stands in `problem`; only that the record cannot be written is thrown. */
  async toItsEnd(signal: AbortSignal): Promise<Verification> {
    try {
      await this.#verify(signal)
      return await this.#settle({ state: stateBy(verdictsOf(this.#record)) })
    } catch (error) {
      const state = signal.aborted ? 'interrupted' : isOfTheRepository(toProblem(error).code) ? 'blocked' : 'unsure'
      return await this.#settle({ state, problem: this.#services.secrets.redactAll(toProblem(error)) })
    }
  }

  async #verify(signal: AbortSignal): Promise<void> {
    const live = await liveRelease(this.#services, this.#start.app, signal)
    if (live !== undefined) this.#record = { ...this.#record, against: live.release }
    const edge = openRehearsalEdge(this.#start.id, signal)
    try {
      const built = this.#start.built ?? (await this.#build(signal))
      const artifacts = Object.values(built.artifacts).map(({ service, digest, inputs, sizeBytes, image }) => ({ service, digest, inputs, sizeBytes, ...(image !== undefined && { image }) }))
      this.#record = { ...this.#record, artifacts }
      await this.#ask({ ...built, live, edge: await edge.up }, signal)
    } finally {
      await edge.close()
    }
  }

  async #build(signal: AbortSignal): Promise<Built> {
    this.#phase('Build what changed')
    const { app, source, blueprint } = this.#start
    const found = unitSpecs(blueprintFor(source, blueprint))
    this.#services.assertRunnable(found)
    const specs = await this.#services.pinImages(app, found, signal)
    const environments = await appWithStandIns(this.#services, { app, source, blueprint }, signal)
    const output = (line: LogLine): void => this.#start.told({ event: 'line', data: line })
    return { specs, artifacts: await buildAll({ app, source, specs, environments, output, build: this.#services.driver.build }, signal) }
  }

  async #ask({ specs, artifacts, live, edge }: Built & { readonly live: KeptRelease | undefined; readonly edge: Edge }, signal: AbortSignal): Promise<void> {
    this.#phase('Ask it everything, in a throw-away copy')
    const { app, source, blueprint, config, told, traceparent } = this.#start
    const { tracing } = this.#services
    const scratch = suitesOf(this.#record.id)
    const rehearsal = openRehearsal(await rehearsalParts(this.#services, { verification: this.#record, blueprint, specs, artifacts, live, signIn: config.signIn, edge, told }))
    try {
      const record = {
        suite: (run: SuiteRun): void => { this.#record = { ...this.#record, suites: [...this.#record.suites, run] } },
        coverage: (coverage: Coverage): void => { this.#record = { ...this.#record, coverage } },
      }
      const checks = await askAll(rehearsal, { checks: await checksOf(this.#services, { app, source, config, live, scratch, record, traceparent: tracing && traceparentOf(verificationPoint(tracing, this.#record, traceparent)) }), clock: this.#services.clock, width, told }, signal)
      this.#record = { ...this.#record, checks: [...checks] }
    } finally {
      await rehearsal.close()
      // After the copies, whose services write down what they ran when they end.
      await this.#services.suites.remove(scratch, new AbortController().signal)
    }
  }

  #phase(title: string): void {
    this.#start.told({ event: 'phase', data: { title, at: new Date(this.#services.clock.now()).toISOString() } })
  }

  async #settle(end: Pick<Verification, 'state' | 'problem'>): Promise<Verification> {
    const { clock, secrets, store, tellPeople, tracing, verifications } = this.#services
    const redact = (text: string): string => secrets.redact(text)
    this.#record = redacted({ ...this.#record, ...end, endedAt: new Date(clock.now()).toISOString() }, redact)
    const signed = signStatement(testResultOf(this.#record), await installationKey(verifications))
    await writeFile(attestationFile(this.#record), JSON.stringify(signed))
    const notices = await tellPeople(this.#record, { channels: channelsIn(this.#start.config), previous: await this.#stateBefore() })
    if (notices.length > 0) this.#record = { ...this.#record, notices: [...notices] }
    const directories = [this.#record.directory, ...(this.#start.report === undefined ? [] : [this.#start.report])]
    await Promise.all(directories.map(async (directory) => writeReports(this.#record, { directory, redact })))
    await store.verifications.settle(this.#record)
    tracing?.record(verificationSpans(tracing, this.#record, this.#start.traceparent))
    this.#start.told({ event: 'end', data: this.#record })
    return this.#record
  }

  /** How the app's last verification ended that came to its end. */
  async #stateBefore(): Promise<Verification['state'] | undefined> {
    const { id, app } = this.#record
    const known = await this.#services.store.verifications.list(app, 20)
    return known.find((each) => each.id !== id && each.state !== 'interrupted' && each.state !== 'running')?.state
  }
}

/** What is wrong with what is to be released keeps it from being released; what is wrong with the machine leaves that open. */
function isOfTheRepository(code: ErrorCode): boolean {
  const { exit } = errorCodes[code]
  return exit >= errorCodes.NO_BLUEPRINT.exit && exit < errorCodes.PORT_TAKEN.exit
}
