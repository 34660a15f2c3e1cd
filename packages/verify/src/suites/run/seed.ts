import { join } from 'node:path'
import type { Config } from '@plimsoll/testing/config-schema'
import { variables } from '@plimsoll/testing/variables'
import type { AppCopy } from '../../rehearsal/rehearsal.ts'
import type { SuiteWorld } from '../suite-world.ts'
import { runCommand, type CommandEnd } from './run-command.ts'
import { addressVariables, type Spares } from './suite-environment.ts'

export interface Seeding {
  readonly seed: Config['seed']
  /** The repository's root. */
  readonly root: string
  /** Absolute; there already. */
  readonly directory: string
  readonly spares: Spares
  readonly world: SuiteWorld
}

const limitMs = 120_000
const limitBytes = 1_073_741_824

/**
 * Fills the databases of a copy, and then each that is a worker's own, with reference data and with what only tests have.
 * Gives one sentence for the first command that fails.
 */
export async function seed(copy: AppCopy, { seed: { reference, scenario }, root, directory, spares, world }: Seeding, signal: AbortSignal): Promise<string | undefined> {
  const commands = [reference, scenario].filter((command) => command !== undefined)
  const own = Object.values(copy.databases)
  const shared = addressVariables(copy)
  // Without a doubt which one is meant, it has the name that every tool knows.
  const first = own.length === 1 && own[0] !== undefined ? { DATABASE_URL: own[0].connectionString } : {}
  const targets: readonly Readonly<Record<string, string>>[] = [first, ...Object.entries(spares).flatMap(([name, each]) => each.map(({ connectionString }) => ({ DATABASE_URL: connectionString, [variables.databaseUrl(name)]: connectionString })))]
  for (const target of targets) {
    for (const command of commands) {
      const environment = { ...world.environment, ...shared, ...target, TMPDIR: join(directory, 'tmp') }
      const end = await runCommand({ command, words: [], cwd: root, environment, directory, limitMs, limitBytes }, world, signal)
      if (end.is !== 'exited' || end.code !== 0) return `the seed command "${command}" ${howItEnded(end)}: ${end.log.at(-1) ?? 'it printed nothing'}`
    }
  }
  return undefined
}

function howItEnded({ is, code }: CommandEnd): string {
  if (is === 'exited') return code === undefined ? 'was ended by a signal' : `ended with status ${code}`
  return is === 'late' ? `had not ended after ${limitMs / 1000} s` : 'could not be run'
}
