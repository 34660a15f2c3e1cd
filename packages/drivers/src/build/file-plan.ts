import { constants } from 'node:fs'
import { chmod, copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises'
import path from 'node:path'

/** Which files an artifact shall hold: its own path → the path in the work directory, both relative. */
export type FilePlan = Map<string, string>

const neverShipped = new Set(['.git', '.turbo', '.DS_Store'])
/** Values of somebody's machine or for development. A committed `.env.production` is part of the app and stays. */
const localValues = /^\.env$|^\.env\.(?:.*\.)?local$|^\.env\.(?:development|test)$/
const testFile = /\.(?:test|spec|stories)\.[cm]?[jt]sx?$|\.snap$/
const testDirectories = new Set(['__tests__', '__mocks__', '__fixtures__', '__snapshots__'])

/** False for what no artifact holds: repositories, caches, tests and local values. Judges one name of a path. */
export function mayShip(name: string): boolean {
  return !neverShipped.has(name) && !localValues.test(name) && !testFile.test(name) && !testDirectories.has(name)
}

/** Adds a file, a link, or a whole directory with what lies in it. `keep` sees paths relative to the work directory. */
export async function addTree(plan: FilePlan, root: string, at: { from: string; to?: string; keep?: (file: string) => boolean }): Promise<void> {
  const { from, to = from, keep = () => true } = at
  const found = await lstat(path.join(root, from)).catch(() => undefined)
  if (found === undefined) return
  if (!found.isDirectory()) {
    if (found.isFile() || found.isSymbolicLink()) plan.set(to, from)
    return
  }
  for (const entry of await readdir(path.join(root, from), { withFileTypes: true })) {
    const child = from === '' ? entry.name : `${from}/${entry.name}`
    if (!keep(child)) continue
    const target = to === '' ? entry.name : `${to}/${entry.name}`
    if (entry.isDirectory()) await addTree(plan, root, { from: child, to: target, keep })
    else if (entry.isFile() || entry.isSymbolicLink()) plan.set(target, child)
  }
}

/**
 * Copies a plan's files into an empty directory. Bytes are copied and never hard-linked: what an
 * instance writes into its files must not reach pnpm's store or another release.
 */
export async function carryOut(plan: FilePlan, root: string, into: string): Promise<void> {
  const directories = new Set([...plan.keys()].map((file) => path.dirname(path.join(into, file))))
  for (const directory of [into, ...directories]) await mkdir(directory, { recursive: true })
  const jobs = [...plan]
  const lane = async (): Promise<void> => {
    for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) await carry(path.join(root, job[1]), path.join(into, job[0]))
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}

async function carry(from: string, to: string): Promise<void> {
  const found = await lstat(from)
  if (found.isSymbolicLink()) return symlink(await readlink(from), to)
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  // Modes are reduced to what git knows, so that the umask of a machine does not change a digest.
  await chmod(to, (found.mode & 0o111) === 0 ? 0o644 : 0o755)
}
