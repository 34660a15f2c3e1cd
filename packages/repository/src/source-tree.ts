import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { PlimsollError, type Source } from '@plimsoll/model'
import { isInRepository, readObjects, runGit } from './run-git.ts'

export type FileMode = '100644' | '100755' | '120000'

export interface SourceFile {
  readonly path: string
  readonly mode: FileMode
  /** git's name for the content, so that a commit and an unchanged working tree agree without reading a byte. */
  readonly blob: string
}

/** Every file of a Source, known by content but not yet copied. */
export interface SourceTree {
  /** By path relative to the Source's root, with `/`. */
  readonly files: ReadonlyMap<string, SourceFile>
  /** The bytes of some of the files (for a symbolic link: its target), in the order asked for. */
  read(paths: readonly string[]): AsyncIterable<{ readonly file: SourceFile; readonly content: Buffer }>
}

/** Not source, wherever there is no git to say so. */
const neverSource = new Set(['.git', 'node_modules', '.next', 'dist', '.turbo', '.DS_Store'])
/** Values of somebody's own machine; they are kept out even where git does not ignore them. */
const localValues = /(^|\/)\.env(\.local|\.[^/]+\.local)?$/

/** Lists what a build gets to see: the commit's files, or for a dirty Source the working tree's without what git ignores. */
export async function readSourceTree(source: Source, signal: AbortSignal): Promise<SourceTree> {
  if (!source.dirty && source.commit !== undefined) return commitTree(source.root, source.commit, signal)
  const paths = isInRepository(source.root) ? await workingPaths(source.root, signal) : new Map<string, string>()
  if (paths.size > 0) return workingTree(source.root, paths)
  return workingTree(source.root, new Map((await walk(source.root, '')).map((name) => [name, ''])))
}

/** The content of one small text file, or undefined when the tree has no such file. */
export async function readText(tree: SourceTree, name: string): Promise<string | undefined> {
  if (!tree.files.has(name)) return undefined
  for await (const { content } of tree.read([name])) return content.toString()
  return undefined
}

async function commitTree(root: string, commit: string, signal: AbortSignal): Promise<SourceTree> {
  const listing = await runGit(root, ['ls-tree', '-r', '-z', commit], signal)
  const files = new Map<string, SourceFile>()
  for (const record of listing.toString().split('\0')) {
    const [head, name] = split(record, '\t')
    const [mode, kind, blob] = head.split(' ')
    // Kind "commit" is a submodule: its files belong to another repository, and git archive leaves them out too.
    if (kind !== 'blob' || name === undefined || blob === undefined) continue
    files.set(name, { path: name, mode: fileMode(mode), blob })
  }
  if (files.size === 0) throw new PlimsollError('SOURCE_UNREADABLE', `${root}: commit ${commit} has no file here`, { hint: 'git add the files and commit them' })
  return { files, read: (paths) => readBlobs(root, pick(files, paths)) }
}

async function* readBlobs(root: string, files: readonly SourceFile[]) {
  let next = 0
  for await (const content of readObjects(root, files.map((file) => file.blob))) {
    const file = files[next++]
    if (file !== undefined) yield { file, content: isPointer(content) ? await smudge(root, file, content) : content }
  }
}

/** Git LFS commits a few lines in place of the file; git's own filter brings the file. */
function isPointer(content: Buffer): boolean {
  return content.length < 1024 && content.toString('latin1', 0, 42) === 'version https://git-lfs.github.com/spec/v1'
}

async function smudge(root: string, file: SourceFile, pointer: Buffer): Promise<Buffer> {
  const content = await runGit(root, ['cat-file', '--filters', `--path=${file.path}`, file.blob])
  if (!content.equals(pointer)) return content
  throw new PlimsollError('SOURCE_UNREADABLE', `${file.path} is kept in Git LFS, and git-lfs is not set up here`, { hint: 'git lfs install && git lfs pull' })
}

/** Paths of the working tree → blob name, empty where only reading the file can tell. */
async function workingPaths(root: string, signal: AbortSignal): Promise<Map<string, string>> {
  const [staged, changed] = await Promise.all([
    runGit(root, ['ls-files', '-s', '-z'], signal),
    runGit(root, ['ls-files', '-m', '-o', '--exclude-standard', '-z'], signal),
  ])
  const paths = new Map<string, string>()
  for (const record of staged.toString().split('\0')) {
    const [head, name] = split(record, '\t')
    const [mode, blob] = head.split(' ')
    if (name !== undefined && blob !== undefined && mode !== '160000') paths.set(name, blob)
  }
  for (const name of changed.toString().split('\0')) {
    // An embedded repository is listed as "directory/" and is no file of this one.
    if (name !== '' && !name.endsWith('/')) paths.set(name, '')
  }
  return paths
}

async function workingTree(root: string, paths: ReadonlyMap<string, string>): Promise<SourceTree> {
  const files = new Map<string, SourceFile>()
  for (const name of [...paths.keys()].sort()) {
    if (localValues.test(name)) continue
    const mode = await modeOf(path.join(root, name))
    if (mode === undefined) continue
    const known = paths.get(name) ?? ''
    files.set(name, { path: name, mode, blob: known === '' ? blobName(await contentOf(root, name, mode)) : known })
  }
  return { files, read: (wanted) => readWorking(root, pick(files, wanted)) }
}

async function* readWorking(root: string, files: readonly SourceFile[]) {
  for (const file of files) {
    const content = await contentOf(root, file.path, file.mode)
    // Inputs were named by the earlier content; an artifact must not be kept under a name that is not its own.
    if (blobName(content) !== file.blob && !(await isFiltered(root, file))) throw changedMeanwhile(file.path)
    yield { file, content }
  }
}

/** Line-end conversion and the like make the working tree's bytes differ from the blob that git compares them with. */
async function isFiltered(root: string, file: SourceFile): Promise<boolean> {
  if (file.mode === '120000' || !isInRepository(root)) return false
  const name = await runGit(root, ['hash-object', `--path=${file.path}`, '--', file.path]).catch(() => Buffer.alloc(0))
  return name.toString().trim() === file.blob
}

function changedMeanwhile(name: string): PlimsollError {
  return new PlimsollError('SOURCE_UNREADABLE', `${name} changed while it was being copied`, { hint: 'run the command again, or commit first: a commit cannot change' })
}

/** Undefined for what is deleted, and for sockets and the like, which no build needs. */
async function modeOf(file: string): Promise<FileMode | undefined> {
  const found = await lstat(file).catch(() => undefined)
  if (found?.isSymbolicLink() === true) return '120000'
  if (found?.isFile() !== true) return undefined
  return (found.mode & 0o100) === 0 ? '100644' : '100755'
}

async function contentOf(root: string, name: string, mode: FileMode): Promise<Buffer> {
  const file = path.join(root, name)
  if (mode === '120000') return Buffer.from(await readlink(file))
  return readFile(file).catch((cause: unknown) => {
    throw new PlimsollError('SOURCE_UNREADABLE', `${file} could not be read`, { hint: `ls -l ${file}`, cause })
  })
}

/** What git calls a file with this content. */
function blobName(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

async function walk(root: string, below: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(path.join(root, below), { withFileTypes: true })) {
    if (neverSource.has(entry.name)) continue
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await walk(root, name)))
    else found.push(name)
  }
  return found
}

function fileMode(mode: string | undefined): FileMode {
  return mode === '100755' || mode === '120000' ? mode : '100644'
}

function pick(files: ReadonlyMap<string, SourceFile>, paths: readonly string[]): SourceFile[] {
  return paths.flatMap((name) => files.get(name) ?? [])
}

function split(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + by.length)]
}
