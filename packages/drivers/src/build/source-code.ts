import type { Source, UnitSpec } from '@plimsoll/model'
import { readSourceTree, readWorkspace, type WorkspacePackage } from '@plimsoll/repository'
import { findEntries } from './entries.ts'
import { runtimeCommands } from './build-inputs.ts'

/** The repository as a build sees it: for whoever wants to look at the code that a service runs. */
export interface SourceCode {
  /** Relative to the Source's root, with `/`. */
  readonly files: readonly string[]
  /** The root comes first, with an empty directory. */
  readonly packages: readonly WorkspacePackage[]
  /** Files that the commands of a service hand to Node, as they are called after the build, and the packages that they name. */
  programOf(spec: UnitSpec): { readonly entries: readonly string[]; readonly complete: boolean; readonly packages: readonly WorkspacePackage[] }
}

/** Lists the files and packages of a Source. Builds nothing, and gives the same for the same Source. Throws `SOURCE_UNREADABLE`, `TOOL_MISSING`. */
export async function readSourceCode(source: Source, signal: AbortSignal): Promise<SourceCode> {
  const tree = await readSourceTree(source, signal)
  const workspace = await readWorkspace(tree)
  return {
    files: [...tree.files.keys()],
    packages: [workspace.root, ...workspace.packages],
    programOf(spec) {
      const { files: entries, complete } = findEntries(spec, workspace)
      const scopes = runtimeCommands(spec, workspace).flatMap(({ analysis }) => analysis.invocations.map(({ scope }) => scope))
      return { entries, complete, packages: [...new Set(scopes.flatMap((scope) => (scope === 'all' ? [] : scope)))] }
    },
  }
}
