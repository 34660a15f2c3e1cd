import { randomBytes, randomInt } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { PlimsollError, type AppName, type DriverName, type VerificationEvent } from '@plimsoll/model'
import { readToTheEnd } from '../read-to-the-end.ts'
import type { Services } from '../services.ts'
import { readSuites } from './read-suites.ts'
import { VerificationRun } from './verification-run.ts'

export interface WantedVerification {
  readonly app: AppName
  readonly root: string
  readonly blueprint: string
  /** Where it is rehearsed; where the app lives unless given, and as processes when it is new. */
  readonly on: DriverName | undefined
  /** From which what is made up is made; another one each time unless given. */
  readonly seed: number | undefined
}

/** Proves what would be released, with nothing that is live taking part. */
export interface Verifier {
  /**
   * Builds what `root` holds now, asks everything of it in a throw-away copy, and tells what happens. Throws before the first event what a wrong
   * question deserves (`NO_BLUEPRINT`, `SOURCE_UNREADABLE`, `CONFIG_INVALID`, `PLACE_CANNOT`); what comes later stands in the record that is told last. When `signal`
   * fires it is given up; everything that it raised is taken down in each case.
   */
  verify(wanted: WantedVerification, signal: AbortSignal): Promise<AsyncIterable<VerificationEvent>>
  /** Gives up what is under way, and returns when nothing of it is left. */
  close(): Promise<void>
}

export function createVerifier(services: Services): Verifier {
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  return {
    async verify({ app, root, blueprint, ...wanted }, signal) {
      const source = await services.readSource(root, blueprint)
      const config = await readSuites(services, source, signal)
      const events = new PassThrough({ objectMode: true })
      const told = (event: VerificationEvent): void => void events.write(services.secrets.redactAll(event))
      const place = wanted.on ?? (await services.store.apps.find(app))?.place ?? 'process'
      const run = await VerificationRun.begin({ services, app, place, source, config, told, id: newId(services.clock.now()), seed: wanted.seed ?? randomInt(2 ** 31) })
      const toItsEnd = run.toItsEnd(AbortSignal.any([signal, closing.signal])).finally(() => {
        running.delete(toItsEnd)
        events.end()
      })
      running.add(toItsEnd)
      return readToTheEnd(events, toItsEnd)
    },
    async close() {
      closing.abort(new PlimsollError('INTERRUPTED', 'Plimsoll is stopping'))
      await Promise.allSettled(running)
    },
  }
}

/** Sorts by time; short enough for the names of everything that it throws away. */
function newId(now: number): string {
  return `${now.toString(36)}${randomBytes(3).readUIntBE(0, 3).toString(36).padStart(5, '0')}`
}
