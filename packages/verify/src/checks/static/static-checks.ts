import type { Clock } from '@plimsoll/engine'
import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { SourceReaders } from '../source-code.ts'
import { environmentDeclared } from '../environment/environment-declared.ts'
import { blueprintResolves } from './blueprint-resolves.ts'
import { literalSecrets } from './literal-secrets.ts'
import { migrationLint } from './migration-lint.ts'
import { toolchainCheck } from './toolchain-check.ts'

export interface StaticCheckParts extends SourceReaders {
  readonly clock: Clock
  /** Of the Node that builds and runs the services: `24.21.0`. */
  readonly nodeVersion: string
}

/** The checks that need no copy: what can be seen in the repository, and against what is live. */
export function staticChecks(given: StaticCheckParts): readonly RehearsalCheck[] {
  return [blueprintResolves(given), toolchainCheck(given), environmentDeclared(given), literalSecrets(given), migrationLint(given)]
}
