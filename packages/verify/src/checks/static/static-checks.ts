import type { Clock } from '@plimsoll/engine'
import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { SourceReaders } from '../source-code.ts'
import { blueprintResolves } from './blueprint-resolves.ts'
import { literalSecrets } from './literal-secrets.ts'
import { migrationLint } from './migration-lint.ts'

/** The checks that need no copy: what can be seen in the repository, and against what is live. */
export function staticChecks(given: SourceReaders & { readonly clock: Clock }): readonly RehearsalCheck[] {
  return [blueprintResolves(given), literalSecrets(given), migrationLint(given)]
}
