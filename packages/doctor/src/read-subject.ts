import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { readSourceTree, readWorkspace, type SourceTree } from '@plimsoll/repository'
import { repositoryFiles, type RepositoryFiles } from './repository-files.ts'
import { subjectOf, type Subject } from './subject.ts'

/** Enough to hold more letters than the largest Blueprint that is looked at, so that one that is too large shows: a letter of JavaScript's takes three bytes at most. */
const most = 3 * 2 ** 20 + 3
/** What people write by hand is smaller; the rest is made, and says nothing about who made it. */
const largestSource = 512 * 1024

/**
 * Reads a repository at `root` and the Blueprint `file` in it. However large that is, a bounded part of it is read.
 * Throws `NO_BLUEPRINT` where there is none, and `SOURCE_UNREADABLE` where the repository cannot be read. Writes nothing.
 */
export async function readSubject({ root, file }: { readonly root: string; readonly file: string }, signal: AbortSignal): Promise<Subject> {
  const [bytes, repository] = await Promise.all([readBlueprint(root, file), readRepository(root, signal)])
  return subjectOf(decode(bytes), { file, repository, intact: isUtf8(bytes) })
}

async function readBlueprint(root: string, file: string): Promise<Buffer> {
  const handle = await open(join(root, file), 'r').catch(() => { throw noBlueprint(root, file) })
  try {
    if (!(await handle.stat()).isFile()) throw noBlueprint(root, file)
    const bytes = Buffer.alloc(most)
    let read = 0
    for (let last = -1; last !== 0 && read < most; read += last) last = (await handle.read(bytes, read, most - read, read)).bytesRead
    return bytes.subarray(0, read)
  } finally {
    await handle.close()
  }
}

function noBlueprint(root: string, file: string): PlimsollError {
  return new PlimsollError('NO_BLUEPRINT', `There is no ${file} in ${root}`, { hint: 'Name the directory that has one: plimsoll doctor DIRECTORY' })
}

/** A mark at the beginning stays, so that the text can be written back as it was. */
function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

async function readRepository(root: string, signal: AbortSignal): Promise<RepositoryFiles> {
  const tree = await readSourceTree({ root, blueprint: 'render.yaml', dirty: true }, signal)
  const files = new Set([...tree.files.values()].filter(({ mode }) => mode !== '120000').map(({ path }) => path))
  const read = (file: string): string | undefined => textAt(join(root, file))
  return repositoryFiles({ workspace: await readWorkspace(withPlainReads(tree, root)), files, read })
}

/** Reading the tree's own way asks whether a file has changed meanwhile, which matters to who keeps what was read, and not here. */
function withPlainReads(tree: SourceTree, root: string): SourceTree {
  return {
    files: tree.files,
    async *read(paths) {
      for (const path of paths) {
        const file = tree.files.get(path)
        if (file !== undefined) yield { file, content: Buffer.from(textAt(join(root, path)) ?? '{}') }
      }
    },
  }
}

function textAt(file: string): string | undefined {
  try {
    return statSync(file).size > largestSource ? undefined : readFileSync(file, 'utf8')
  } catch {
    // Deleted between the listing and now, or not ours to read: then there is nothing to say about it.
    return undefined
  }
}
