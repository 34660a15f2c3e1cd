import { chmod, lstat, mkdir, readdir, readFile, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FileMode, SourceTree } from '@plimsoll/repository'
import { z } from 'zod'

const writtenSchema = z.record(z.string(), z.object({ mode: z.string(), blob: z.string(), size: z.number(), changedMs: z.number() }))
type Written = z.infer<typeof writtenSchema>

export interface Sync {
  readonly tree: SourceTree
  /** Made equal to the tree, apart from what installs and caches left there. */
  readonly directory: string
  /** Where the sync remembers what it wrote, so that an unchanged file is not written again. */
  readonly memory: string
}

/**
 * Makes a work directory equal to a Source: every file the same, nothing that does not belong.
 * node_modules, `.next/cache` and `.turbo` stay for speed; build outputs go, so that no stale
 * one is shipped. Called again after a cut it finishes the job.
 */
export async function syncSource({ tree, directory, memory }: Sync): Promise<{ written: number; removed: number }> {
  await mkdir(directory, { recursive: true })
  const before = await readMemory(memory)
  // Forgotten while files change: a cut leaves no memory of files that are half written.
  await rm(memory, { force: true })
  const removed = await removeStrangers(directory, tree)
  const now: Written = {}
  const stale: string[] = []
  for (const file of tree.files.values()) {
    const known = before[file.path]
    const found = await stamp(path.join(directory, file.path))
    const same = known !== undefined && found !== undefined && known.blob === file.blob && known.mode === file.mode
    if (same && known.size === found.size && known.changedMs === found.changedMs) now[file.path] = known
    else stale.push(file.path)
  }
  for await (const { file, content } of tree.read(stale)) {
    const target = path.join(directory, file.path)
    await write(target, file.mode, content)
    const found = await stamp(target)
    if (found !== undefined) now[file.path] = { mode: file.mode, blob: file.blob, ...found }
  }
  await writeFile(`${memory}.new`, JSON.stringify(now))
  await rename(`${memory}.new`, memory)
  return { written: stale.length, removed }
}

async function write(target: string, mode: FileMode, content: Buffer): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true })
  // A build may have put a link or a directory there; writing through a link would reach outside.
  await rm(target, { recursive: true, force: true })
  if (mode === '120000') return symlink(content.toString(), target)
  await writeFile(target, content)
  await chmod(target, mode === '100755' ? 0o755 : 0o644)
}

/** Deletes what is neither source nor kept state. Gives how many. */
async function removeStrangers(directory: string, tree: SourceTree): Promise<number> {
  const directories = new Set<string>([''])
  for (const name of tree.files.keys()) {
    for (let at = path.posix.dirname(name); at !== '.' && !directories.has(at); at = path.posix.dirname(at)) directories.add(at)
  }
  let removed = 0
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(directory, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (tree.files.has(name) && !entry.isDirectory()) continue
      if (entry.isDirectory() && directories.has(name)) {
        await visit(name)
        continue
      }
      if (entry.isDirectory() && (await keepState(directory, name, tree))) continue
      await rm(path.join(directory, name), { recursive: true, force: true })
      removed += 1
    }
  }
  await visit('')
  return removed
}

/** State of installs and caches stays as long as the package that it belongs to does. */
async function keepState(directory: string, name: string, tree: SourceTree): Promise<boolean> {
  const base = path.posix.basename(name)
  const owner = path.posix.dirname(name)
  const owned = tree.files.has(owner === '.' ? 'package.json' : `${owner}/package.json`)
  if (base === 'node_modules' || base === '.turbo') return owned
  if (base !== '.next' || !owned) return false
  for (const entry of await readdir(path.join(directory, name))) {
    if (entry !== 'cache') await rm(path.join(directory, name, entry), { recursive: true, force: true })
  }
  // Without a cache in it the directory goes too.
  return !(await rmdir(path.join(directory, name)).then(() => true, () => false))
}

async function stamp(file: string): Promise<{ size: number; changedMs: number } | undefined> {
  const found = await lstat(file).catch(() => undefined)
  // ctime, not mtime: no ordinary program can set it back.
  return found === undefined || found.isDirectory() ? undefined : { size: found.size, changedMs: found.ctimeMs }
}

async function readMemory(memory: string): Promise<Written> {
  // No memory, or one that is torn, only means that every file is written again.
  return readFile(memory, 'utf8').then((text) => writtenSchema.parse(JSON.parse(text))).catch(() => ({}))
}
