import { formatDiagnostic, PlimsollError, type Diagnostic } from '@plimsoll/model'

/** What a configuration with mistakes is answered with: the first in words, all of them in `details.diagnostics`. */
export function configInvalid({ file, diagnostics }: { readonly file: string; readonly diagnostics: readonly Diagnostic[] }): PlimsollError {
  const [first] = diagnostics
  const count = diagnostics.length === 1 ? 'a mistake' : `${diagnostics.length} mistakes`
  return new PlimsollError('CONFIG_INVALID', `${file} has ${count}${first === undefined ? '' : `: ${formatDiagnostic(first)}`}`, { details: { diagnostics } })
}
