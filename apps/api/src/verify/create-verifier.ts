import { randomBytes, randomInt } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { unitSpecs } from '@plimsoll/blueprint'
import type { Proof, Provable } from '@plimsoll/engine'
import { fromProblem, PlimsollError, verdictsOf, type AppName, type DriverName, type LogLine, type Verification, type VerificationEvent } from '@plimsoll/model'
import { blueprintText } from '../blueprint-text.ts'
import { readToTheEnd } from '../read-to-the-end.ts'
import type { Services, TracedProver } from '../services.ts'
import { readBlueprint } from '../wiring.ts'
import { findProof } from './find-proof.ts'
import { installationKey } from './installation-key.ts'
import type { VerificationRun } from './verification-run.ts'

export interface WantedVerification {
  readonly app: AppName
  readonly root: string
  readonly blueprint: string
  /** Where it is rehearsed; where the app lives unless given, and as processes when it is new. */
  readonly on: DriverName | undefined
  /** From which what is made up is made; another one each time unless given. */
  readonly seed: number | undefined
  /** Where its reports are written besides; absolute. */
  readonly report: string | undefined
  /** As a release with a pause. */
  readonly pause: boolean | undefined
  /** What asks for it, in the trace that it belongs to. */
  readonly traceparent: string | undefined
}

/** Proves what would be released, with nothing that is live taking part. */
export interface Verifier extends TracedProver {
  /**
   * Builds what `root` holds now, asks everything of it in a throw-away copy, and tells what happens. Throws before the first event what a wrong
   * question deserves (`NO_BLUEPRINT`, `SOURCE_UNREADABLE`, `CONFIG_INVALID`, `PLACE_CANNOT`); what comes later stands in the record that is told last. When `signal`
   * fires it is given up; everything that it raised is taken down in each case.
   */
  verify(wanted: WantedVerification, signal: AbortSignal): Promise<AsyncIterable<VerificationEvent>>
  /** Whether nothing is under way. */
  isIdle(): boolean
  /** Gives up what is under way, and returns when nothing of it is left. */
  close(): Promise<void>
}

export function createVerifier(services: Services): Verifier {
  const closing = new AbortController()
  const running = new Set<Promise<Verification>>()
  const toItsEnd = (run: VerificationRun, signal: AbortSignal): Promise<Verification> => {
    const end = run.toItsEnd(AbortSignal.any([signal, closing.signal])).finally(() => running.delete(end))
    running.add(end)
    return end
  }
  return {
    async verify({ app, root, blueprint, ...wanted }, signal) {
      const source = await services.readSource(root, blueprint)
      const { readSuites, VerificationRun } = await import('./verifying.ts')
      const config = await readSuites(services, source, signal)
      const events = new PassThrough({ objectMode: true })
      const told = (event: VerificationEvent): void => void events.write(services.secrets.redactAll(event))
      const text = await blueprintText(source)
      const place = wanted.on ?? (await rehearsalPlace(services, app, () => unitSpecs(readBlueprint(text, blueprint))))
      const run = await VerificationRun.begin({ services, app, place, source, config, told, traceparent: wanted.traceparent, ...(wanted.report !== undefined && { report: wanted.report }), blueprint: text, id: newId(services.clock.now()), seed: wanted.seed ?? randomInt(2 ** 31), ...(wanted.pause === true && { paused: true }) })
      return readToTheEnd(events, toItsEnd(run, signal).finally(() => events.end()))
    },
    async prove(subject, signal) {
      const found = await findProof(services, subject, await installationKey(services.verifications))
      if (found !== undefined) return proofBy(found, true)
      const { app, source, blueprint, specs, artifacts, paused } = subject
      const { readSuites, VerificationRun } = await import('./verifying.ts')
      const place = await rehearsalPlace(services, app, () => specs)
      const run = await VerificationRun.begin({ services, app, place, source, config: await readSuites(services, source, signal), blueprint, ...(artifacts !== undefined && { built: { specs, artifacts } }), ...(paused && { paused }), traceparent: subject.traceparent, told: (event) => tell(subject, event), id: newId(services.clock.now()), seed: randomInt(2 ** 31) })
      const record = await toItsEnd(run, signal)
      signal.throwIfAborted()
      if (record.problem !== undefined) throw fromProblem(record.problem)
      return proofBy(record, false)
    },
    isIdle: () => running.size === 0,
    async close() {
      closing.abort(new PlimsollError('INTERRUPTED', 'Plimsoll is stopping'))
      await Promise.allSettled(running)
    },
  }
}

/** Where the app lives; or, where no copy can be raised, the first place in which all of it can run. Throws `PLACE_CANNOT` when there is none. */
async function rehearsalPlace({ store, places }: Services, app: AppName, specsOf: () => Provable['specs']): Promise<DriverName> {
  const own = (await store.apps.find(app))?.place ?? 'process'
  if ((await places.open(own)).driver.can.startBeside) return own
  const specs = specsOf()
  let cannot: unknown
  for (const name of places.names) {
    const { driver, assertRunnable } = await places.open(name)
    if (!driver.can.startBeside) continue
    try {
      assertRunnable(specs)
      return name
    } catch (error) {
      cannot = error
    }
  }
  throw cannot ?? new PlimsollError('PLACE_CANNOT', `There is no place here in which a copy of ${app} could be raised`)
}

function proofBy(record: Verification, reused: boolean): Proof {
  const { id, state, directory } = record
  return { verification: id, reused, is: state === 'passed' || state === 'blocked' ? state : 'unsure', verdicts: verdictsOf(record), report: directory }
}

/** Whoever watches the release reads on, line by line, what its verification does. */
function tell({ output }: Pick<Provable, 'output'>, event: VerificationEvent): void {
  const at = new Date().toISOString()
  const line = (text: string): void => output({ at, service: 'plimsoll' as LogLine['service'], stream: 'plimsoll', text })
  if (event.event === 'asking') line(`asks ${event.data.id}: ${event.data.title}`)
  if (event.event === 'asked') for (const { is, check, finding } of event.data.verdicts) line(`${is} ${check}: ${finding}`)
  if (event.event === 'line') output(event.data)
}

/** Sorts by time; short enough for the names of everything that it throws away. */
function newId(now: number): string {
  return `${now.toString(36)}${randomBytes(3).readUIntBE(0, 3).toString(36).padStart(5, '0')}`
}
