import type { SuiteWorld } from '../suite-world.ts'

/** The repository's own files: what git has, and what it does not ignore. */
export interface OwnFiles {
  /** The file that a path means, wherever its copy lies: relative to the root. Undefined for one that is not the repository's. */
  at(path: string): string | undefined
}

/** Undefined where git cannot say what the repository's files are. */
export async function ownFiles(git: SuiteWorld['git'], signal: AbortSignal): Promise<OwnFiles | undefined> {
  try {
    const files = new Set((await git(['ls-files', '--cached', '--others', '--exclude-standard', '-z'], signal)).toString('utf8').split('\0').filter(Boolean))
    return {
      at(path) {
        if (path.includes('/node_modules/')) return undefined
        const parts = path.split('/')
        // The longest end of it that is a file: a copy lies anywhere, and is laid out like the repository.
        for (let from = 0; from < parts.length; from += 1) {
          const end = parts.slice(from).join('/')
          if (files.has(end)) return end
        }
        return undefined
      },
    }
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
