import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { SourceReaders } from '../source-code.ts'
import { artifactFiles } from './artifact-files.ts'
import { clientBundle } from './client-bundle.ts'
import { publicValues } from './public-values.ts'

/** The checks that need what was built, and no running copy of it. */
export function artifactChecks(given: SourceReaders): readonly RehearsalCheck[] {
  return [publicValues(given), clientBundle(given), artifactFiles()]
}
