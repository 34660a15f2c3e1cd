import type { AppName, Environment, LogLine, ReleaseNumber, ServiceName, UnitSpec, Verdict } from '@plimsoll/model'
import { serviceNameSchema } from '@plimsoll/model'
import type { ReleaseContext } from '../release-context.ts'
import type { Platform } from './platform.ts'
import type { SettledThere } from './settled-in.ts'

/** What the steps of a release may use where a platform builds and moves traffic. Made anew for each step. */
export interface InPlaceContext extends Pick<ReleaseContext, 'app' | 'release' | 'fence' | 'signal' | 'clock' | 'prover' | 'output'> {
  readonly wiring: Pick<ReleaseContext['wiring'], 'understand' | 'entries'>
  readonly platform: Platform
  readonly publicChecks: readonly PublicCheck[]
  readonly memory: MemoryInPlace
}

/** What is known of other releases of the app, and what is kept of this one. */
export interface MemoryInPlace {
  /** The release that serves, by what was completed there; null: none. */
  live(): Promise<ReleaseNumber | null>
  /** Writes down what the release is held against, so that it can be told later how the two differ: of variables no value. What is noted later counts. */
  note(environments: Readonly<Record<string, Environment>>): Promise<void>
}

/** The same, for going back. */
export interface BackInPlaceContext extends InPlaceContext {
  /** What an earlier release of the app has left there. Throws `NOTHING_TO_ROLL_BACK`. */
  readonly recall: (release: ReleaseNumber) => Promise<SettledThere>
}

/** One question, asked of a service where people reach it. A failed check is a Verdict, not a throw. */
export interface PublicCheck {
  /** Stable, e.g. `public.answers`. */
  readonly id: string
  ask(site: PublicSite, signal: AbortSignal): Promise<readonly Verdict[]>
}

export interface PublicSite {
  readonly app: AppName
  readonly spec: UnitSpec
  /** Without a slash at its end. */
  readonly url: string
}

/** Tells whoever watches, however little they want to read, something about one service, or about the whole release. */
export function say({ clock, release, output }: Pick<InPlaceContext, 'clock' | 'release' | 'output'>, text: string, service?: ServiceName): void {
  const line: LogLine = { at: new Date(clock.now()).toISOString(), service: service ?? serviceNameSchema.parse('plimsoll'), release: release.number, stream: 'plimsoll', text, notice: true }
  output(line)
}
