import type { Source } from '@plimsoll/model'
import { readSourceTree, readWorkspace, type SourceTree, type Workspace } from '@plimsoll/repository'

export interface ReadSource {
  readonly tree: SourceTree
  readonly workspace: Workspace
}

/**
 * Reads a Source once for all Services of a release. A commit cannot change, so the last one read is kept;
 * a working tree can, so it is only shared by those who ask while it is being read, which also
 * gives all Services of one release the same files.
 */
export function shareTrees(): (source: Source, signal: AbortSignal) => Promise<ReadSource> {
  const reads = new Map<string, Promise<ReadSource>>()
  return async (source, signal) => {
    const key = JSON.stringify([source.root, source.dirty ? '' : source.commit])
    let read = reads.get(key)
    if (read === undefined) {
      reads.clear()
      // Not ended by the signal of who came first: others may wait for it, and it takes milliseconds.
      read = readBoth(source, new AbortController().signal)
      reads.set(key, read)
      const forget = () => {
        if (reads.get(key) === read) reads.delete(key)
      }
      read.then(() => (source.dirty ? forget() : undefined), forget)
    }
    const both = await read
    signal.throwIfAborted()
    return both
  }
}

async function readBoth(source: Source, signal: AbortSignal): Promise<ReadSource> {
  const tree = await readSourceTree(source, signal)
  return { tree, workspace: await readWorkspace(tree) }
}
