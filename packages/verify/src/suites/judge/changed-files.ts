import type { SuiteWorld } from '../suite-world.ts'

/** What differs from a commit: file, relative to the root, → the lines that are new in it; `all` for a file that the commit does not have. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number> | 'all'>

/** Lines of the working tree that `commit` does not have. Undefined where git cannot say, as in a clone that is too shallow. */
export async function changedSince(commit: string, git: SuiteWorld['git'], signal: AbortSignal): Promise<ChangedLines | undefined> {
  try {
    // --relative: the Blueprint's directory may lie below the repository's own root.
    const diff = await git(['-c', 'core.quotePath=false', 'diff', '--no-color', '--no-ext-diff', '--no-renames', '--unified=0', '--relative', '--src-prefix=a/', '--dst-prefix=b/', commit, '--'], signal)
    const added = await git(['ls-files', '--others', '--exclude-standard', '-z'], signal)
    return new Map<string, ReadonlySet<number> | 'all'>([...linesIn(diff.toString('utf8')), ...added.toString('utf8').split('\0').filter(Boolean).map((file) => [file, 'all'] as const)])
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

function linesIn(diff: string): ReadonlyMap<string, ReadonlySet<number>> {
  const files = new Map<string, Set<number>>()
  let lines = new Set<number>()
  let skip = 0
  for (const line of diff.split('\n')) {
    // Inside of a hunk, a line may look like a header.
    if (skip > 0 && /^[+-]/.test(line)) {
      skip -= 1
      continue
    }
    const file = /^\+\+\+ "?b\/(.*?)"?$/.exec(line)?.[1]
    const [, gone, from, count = '1'] = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    if (file !== undefined) {
      lines = new Set()
      files.set(file, lines)
    } else if (from !== undefined) {
      skip = Number(count) + Number(gone ?? 1)
      for (let each = 0; each < Number(count); each += 1) lines.add(Number(from) + each)
    }
  }
  return files
}
