import { closureOf, packageOf, type Workspace, type WorkspacePackage } from '@plimsoll/repository'
import { parseModule, type Syntax } from '@plimsoll/repository/program'

/** The repository as rules see it: what a build gets to see, read when it is asked for, and only once. */
export interface RepositoryFiles {
  readonly workspace: Workspace
  /** Relative to the root, with `/`. */
  readonly files: ReadonlySet<string>
  /** Undefined for a file that is not there, is too large for anything that people write, or cannot be read. */
  text(file: string): string | undefined
  /** Whether there is a file, or a directory that holds one. */
  has(path: string): boolean
  /** The program files of a package by itself, without tests, in the order of their names. */
  sourcesOf(one: WorkspacePackage): readonly string[]
  /** The file as its pieces; undefined where it is no program. */
  module(file: string): Syntax | undefined
  /** Those packages, and everything in the workspace that they depend on. */
  closureOf(packages: readonly WorkspacePackage[]): readonly WorkspacePackage[]
}

const program = /\.(?:[cm]?[jt]s|[jt]sx)$/
const test = /(?:^|\/)(?:tests?|__tests__|e2e|spec|fixtures|\.storybook)\/|\.(?:test|spec|e2e|stories|d)\.[cm]?[jt]sx?$/

/** `read` gives the text of one of `files`. */
export function repositoryFiles({ workspace, files, read }: Pick<RepositoryFiles, 'workspace' | 'files'> & { readonly read: (file: string) => string | undefined }): RepositoryFiles {
  const text = once((file: string) => (files.has(file) ? read(file) : undefined))
  const directories = once(() => directoriesOf(files))
  const programs = once(() => programsBy(workspace, files))
  return {
    workspace,
    files,
    text,
    has: (path) => path === '' || files.has(path) || directories('').has(path),
    sourcesOf: (one) => programs('').get(one.directory) ?? [],
    module: once((file) => {
      const written = text(file)
      return written === undefined ? undefined : parseModule(file, written)
    }),
    closureOf: (packages) => closureOf(workspace, packages),
  }
}

function once<Answer>(ask: (about: string) => Answer): (about: string) => Answer {
  const known = new Map<string, { readonly answer: Answer }>()
  return (about) => {
    const found = known.get(about) ?? { answer: ask(about) }
    known.set(about, found)
    return found.answer
  }
}

function directoriesOf(files: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0 && !found.has(file.slice(0, at)); at = file.lastIndexOf('/', at - 1)) found.add(file.slice(0, at))
  }
  return found
}

/** Directory of a package → its programs. */
function programsBy(workspace: Workspace, files: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const file of [...files].sort()) {
    if (!program.test(file) || test.test(file)) continue
    const { directory } = packageOf(workspace, file)
    const list = found.get(directory)
    if (list === undefined) found.set(directory, [file])
    else list.push(file)
  }
  return found
}
