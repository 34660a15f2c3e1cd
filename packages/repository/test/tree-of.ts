import type { SourceFile, SourceTree } from '../src/source-tree.ts'

/** A Source of files that lie nowhere but here. */
export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const entries = new Map<string, SourceFile>(Object.entries(files).map(([path, blob]) => [path, { path, mode: '100644', blob }]))
  return {
    files: entries,
    async *read(paths) {
      for (const path of paths) {
        const file = entries.get(path)
        if (file !== undefined) yield { file, content: Buffer.from(file.blob) }
      }
    },
  }
}
