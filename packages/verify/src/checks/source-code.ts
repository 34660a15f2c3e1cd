import type { Blueprint, Diagnostic, Source, UnitSpec } from '@plimsoll/model'
import type { ServiceProgram, SourcePackage } from '@plimsoll/repository/program'

/** The repository as its package manager and the commands of its Blueprint see it. */
export interface SourceCode {
  /** Relative to the source's root, with `/`: what a build gets to see, and so nothing that is installed, built or ignored. */
  readonly files: readonly string[]
  /** The root comes first; it is the only one in a repository that is one package. */
  readonly packages: readonly SourcePackage[]
  programOf(spec: UnitSpec): ServiceProgram
}

/** What reads an app's own files for the checks; given by whoever has the readers. */
export interface SourceReaders {
  /** As `parseBlueprint` does: the Blueprint, or all that is wrong with it. */
  readonly readBlueprint: (text: string, about: { readonly file: string }) => { readonly blueprint?: Blueprint; readonly diagnostics: readonly Diagnostic[] }
  /** Whether a variable of that name is likely to hold a secret. */
  readonly looksSecret: (key: string) => boolean
  /** The one of `names` that `word` was most likely meant to be, or undefined when none is near. */
  readonly nearest: (word: string, names: Iterable<string>) => string | undefined
  readonly readSource: (source: Source, signal: AbortSignal) => Promise<SourceCode>
}
