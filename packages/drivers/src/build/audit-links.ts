import { lstat, readdir, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'

export interface BadLink {
  readonly link: string
  readonly target: string
  readonly fault: 'dangling' | 'escaping'
}

/** Every symbolic link under `directory` that points at nothing, or out of it. */
export async function auditLinks(directory: string): Promise<BadLink[]> {
  const top = await realpath(directory)
  const bad: BadLink[] = []
  const visit = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const file = path.join(at, entry.name)
      if (entry.isDirectory()) await visit(file)
      if (!entry.isSymbolicLink()) continue
      const fault = await faultOf(file, top)
      if (fault !== undefined) bad.push({ link: path.relative(top, file), target: await readlink(file), fault })
    }
  }
  await visit(top)
  return bad.sort((a, b) => (a.link < b.link ? -1 : 1))
}

async function faultOf(link: string, top: string): Promise<BadLink['fault'] | undefined> {
  const written = await readlink(link)
  // An absolute link leads to where the artifact lay when it was made, and not to where it will run.
  if (path.isAbsolute(written) || !isInside(path.resolve(path.dirname(link), written), top)) return 'escaping'
  // A link to a link is judged by where the whole chain ends.
  const end = await realpath(link).catch(() => undefined)
  if (end === undefined || (await lstat(end).catch(() => undefined)) === undefined) return 'dangling'
  return isInside(end, top) ? undefined : 'escaping'
}

function isInside(file: string, top: string): boolean {
  return file === top || file.startsWith(top + path.sep)
}
