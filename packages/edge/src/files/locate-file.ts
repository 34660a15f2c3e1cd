import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { SentFile } from './send-file.ts'

export type Located = { readonly kind: 'file'; readonly file: SentFile } | { readonly kind: 'directory' } | undefined

/** Dates before this are not when a file was made but what a packer wrote so that equal trees are equal. */
const firstCredibleDate = Date.UTC(2000, 0, 1)

/**
 * What a path means below `root`: the file itself, the `index.html` of a directory, or the page without its `.html`.
 * `directory` when the path lacks its closing slash. Never anything outside `root`, also not through a link, nor a hidden file.
 */
export async function locateFile(root: string, encodedPath: string): Promise<Located> {
  const path = plainPath(encodedPath)
  if (path === undefined) return undefined
  if (path.endsWith('/')) return found(await fileAt(root, `${path}index.html`))
  const file = (await fileAt(root, path)) ?? (await fileAt(root, `${path}.html`))
  if (file !== undefined) return found(file)
  return (await fileAt(root, `${path}/index.html`)) === undefined ? undefined : { kind: 'directory' }
}

/** Nothing encoded, hidden or empty in it. Most paths are so, and each request is asked for its own. */
const obviouslyPlain = /^\/(?:[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\/?)?$/

/** Decoded, and free of everything by which a path leads elsewhere than it says. */
export function plainPath(encoded: string): string | undefined {
  if (obviouslyPlain.test(encoded)) return encoded
  const path = decoded(encoded)
  if (path === undefined || !path.startsWith('/') || path.includes('\0') || path.includes('\\')) return undefined
  const segments = path.split('/').slice(1)
  const hidden = (segment: string): boolean => segment.startsWith('.') && segment !== '.well-known'
  return segments.some(hidden) || segments.slice(0, -1).includes('') ? undefined : path
}

function found(file: SentFile | undefined): Located {
  return file === undefined ? undefined : { kind: 'file', file }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    // `%zz` is no path at all, so there is no file for it.
    return undefined
  }
}

async function fileAt(root: string, path: string): Promise<SentFile | undefined> {
  try {
    const real = await realpath(join(root, path))
    if (!real.startsWith(`${await realpath(root)}${sep}`)) return undefined
    const found = await stat(real)
    if (!found.isFile()) return undefined
    const { size, mtime, mtimeMs, ino } = found
    const etag = await tagOf(real, `${real}:${ino}:${size}:${mtimeMs}`)
    return { path: real, size, etag, ...(mtimeMs >= firstCredibleDate && { modifiedAt: mtime }) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES'].includes(String(error.code))) return undefined
    throw error
  }
}

const tags = new Map<string, string>()
const maxTags = 20_000

/** By content, because artifacts of different releases may carry the same date and size. Read once per file. */
async function tagOf(path: string, version: string): Promise<string> {
  const known = tags.get(version)
  if (known !== undefined) return known
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const tag = `"${hash.digest('base64url').slice(0, 27)}"`
  if (tags.size >= maxTags) tags.clear()
  tags.set(version, tag)
  return tag
}
