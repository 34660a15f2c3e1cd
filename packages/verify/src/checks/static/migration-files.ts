import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Artifact } from '@plimsoll/model'

/** One SQL file that changes the schema. */
export interface MigrationFile {
  /** Relative to the source's root. */
  readonly path: string
  /** What it does going forwards. What undoes it is blanked, so that positions stay as they are in the file. */
  readonly sql: string
  /** `applied`: what is live has it too. `edited`: what is live has it with other words. */
  readonly is: 'new' | 'applied' | 'edited'
  /** For one that was edited: what is live has in its place. */
  readonly was?: string
}

const conventional = /(?:^|\/)(?:migrations?|drizzle|migrate)(?:\/[^/]+)?\/[^/]+\.sql$/
const notForwards = /(?:^|\/)(?:down|undo|rollback|revert)\.sql$|\.(?:down|undo|rollback)\.sql$|(?:^|\/)U\d[^/]*\.sql$/i
const notTheApps = /(?:^|\/)(?:tests?|__tests__|fixtures|__fixtures__|e2e|examples?|node_modules|seeds?)\//

/** Paths of the SQL migrations among `files`, where Drizzle, Prisma, node-pg-migrate, dbmate and hand-written runners keep them, in the order of their names. */
export function migrationPaths(files: readonly string[]): string[] {
  return files.filter((file) => conventional.test(file) && !notForwards.test(file) && !notTheApps.test(file)).toSorted()
}

export interface Shipped {
  readonly root: string
  /** Of what would be released. */
  readonly candidate: readonly Artifact[]
  /** Of what is live; undefined where nothing is. */
  readonly live: readonly Artifact[] | undefined
  /** The files of the commit that is live: asked where artifacts are all in their images. Undefined where nobody knows them. */
  readonly committed: () => Promise<ReadonlySet<string> | undefined>
}

/**
 * Reads the migrations that the candidate carries, and tells by the files of what is live, or else by its commit, which of them are new. `known` is false
 * where neither is at hand; then all are given as new.
 */
export async function readMigrations(paths: readonly string[], { root, candidate, live, committed }: Shipped): Promise<{ readonly files: readonly MigrationFile[]; readonly known: boolean }> {
  const folders = [...new Set(paths.map(folderOf))]
  const carried = new Map(await Promise.all(folders.map(async (folder) => [folder, await carries(candidate, paths.filter((path) => folderOf(path) === folder))] as const)))
  // Other programs' migrations may lie in the same repository; they are none of this app's.
  const anyCarried = [...carried.values()].some(Boolean)
  const own = anyCarried ? paths.filter((path) => carried.get(folderOf(path)) === true) : paths
  const before = anyCarried ? undefined : await committed()
  const files = await Promise.all(own.map(async (path): Promise<MigrationFile> => {
    const sql = await readFile(join(root, path), 'utf8')
    const was = await firstText(live ?? [], path)
    const is = was === undefined ? (before?.has(path) === true ? 'applied' : 'new') : was === sql ? 'applied' : 'edited'
    return { path, sql: forwards(sql), is, ...(is === 'edited' && was !== undefined && { was: forwards(was) }) }
  }))
  return { files, known: anyCarried || before !== undefined }
}

/** Prisma keeps each migration in a folder of its own below the common one. */
function folderOf(path: string): string {
  return posix.basename(path) === 'migration.sql' ? posix.dirname(posix.dirname(path)) : posix.dirname(path)
}

async function carries(artifacts: readonly Artifact[], paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.flatMap((path) => artifacts.map(({ files }) => statOf(join(files, path)))))
  return found.some((each) => each?.isFile() === true)
}

async function firstText(artifacts: readonly Artifact[], path: string): Promise<string | undefined> {
  const texts = await Promise.all(artifacts.map(({ files }) => readFile(join(files, path), 'utf8').catch(() => undefined)))
  return texts.find((text) => text !== undefined)
}

function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined)
}

/** From where on a file says how to go back: dbmate, node-pg-migrate, goose, sql-migrate. */
const back = /^--\s*(?:migrate:down|down migration|\+goose down|\+migrate down)\b/im

function forwards(sql: string): string {
  const at = back.exec(sql)?.index
  return at === undefined ? sql : sql.slice(0, at) + sql.slice(at).replaceAll(/[^\n]/g, ' ')
}
