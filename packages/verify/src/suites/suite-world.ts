import type { Clock } from '@plimsoll/engine'

/** What suites need of the machine that they run on. */
export interface SuiteWorld {
  readonly clock: Clock
  /** What a command gets to see besides what it is told: `PATH`, `HOME`, and the like. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute directory, there already, for whatever suites write: it is measured, and may be removed at the end. */
  readonly scratch: string
  readonly processes: MarkedProcesses
  /** What git prints in the repository; throws where there is none, and for a commit that it does not have. */
  git(args: readonly string[], signal: AbortSignal): Promise<Buffer>
}

/** Processes, known by a variable of the environment that they were started with: so is found what left its group and its parents. */
export interface MarkedProcesses {
  /** Those that live, by the name of what they run. */
  find(key: string, value: string): Promise<readonly MarkedProcess[]>
  /** SIGTERM, and SIGKILL after `graceMs`, until none is left. */
  end(mark: { readonly key: string; readonly value: string; readonly graceMs: number }, signal: AbortSignal): Promise<void>
}

export interface MarkedProcess {
  readonly pid: number
  readonly name: string
}
