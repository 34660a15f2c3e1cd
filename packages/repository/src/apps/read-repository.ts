import { readSource } from '../read-source.ts'
import { readSourceTree, readText, type SourceTree } from '../source-tree.ts'
import { readWorkspace, type Workspace } from '../workspace.ts'

/** A repository as it lies there now, committed or not. */
export interface ReadRepository {
  readonly root: string
  readonly files: ReadonlySet<string>
  readonly workspace: Workspace
  /** Undefined for a file that is not there. */
  text(file: string): Promise<string | undefined>
}

/** Lists the files and packages at `root`. Throws `SOURCE_UNREADABLE`, `TOOL_MISSING`. */
export async function readRepository(root: string, signal: AbortSignal): Promise<ReadRepository> {
  const source = await readSource(root, undefined, signal)
  const tree: SourceTree = await readSourceTree({ ...source, dirty: true }, signal)
  return { root: source.root, files: new Set(tree.files.keys()), workspace: await readWorkspace(tree), text: (file) => readText(tree, file) }
}
