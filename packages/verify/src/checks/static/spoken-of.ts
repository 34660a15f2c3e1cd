import type { Artifact } from '@plimsoll/model'
import { filesBelow, ownPart, textsOf } from '../artifact/files-below.ts'

/** Where the code of a release speaks of a name. */
export type SpokenOf =
  | { readonly is: 'spoken-of'; readonly service: string; readonly file: string }
  | { readonly is: 'silent' }
  /** Its files are not at hand. */
  | { readonly is: 'unknown' }

const program = /\.(?:[cm]?[jt]s|jsx|tsx)$/

/**
 * Looks for `name`, also in camel case, in the own code of `artifacts`. A word that is also used for something else counts: who finds nothing knows that
 * nothing is there, and not the other way round.
 */
export async function spokenOf(name: string, artifacts: readonly Artifact[], signal: AbortSignal): Promise<SpokenOf> {
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const word = new RegExp(`(?<![\\w$])(?:${escaped(name)}|${escaped(camel)})(?![\\w$])`, 'i')
  let looked = 0
  for (const { service, files } of artifacts) {
    const code = (await filesBelow(files, ownPart)).filter((path) => program.test(path))
    looked += code.length
    for await (const { path, text } of textsOf(files, code, signal)) if (word.test(text)) return { is: 'spoken-of', service, file: path }
  }
  return looked === 0 ? { is: 'unknown' } : { is: 'silent' }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}
