import { type FSWatcher, watch } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

const keep = 4

/** What the server says before its own log is open: most reasons for not starting. */
export function startupLog(directory: string): string {
  return join(directory, 'startup.log')
}

/** The last `count` lines that the server wrote, oldest first. */
export async function lastLines(directory: string, count: number): Promise<readonly string[]> {
  const newest = (await logFiles(directory)).at(-1)
  const files = newest === undefined ? [startupLog(directory)] : [startupLog(directory), join(directory, newest)]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => ''))) // A log that is not there has no lines.
  return texts.join('').split('\n').filter((line) => line !== '').slice(-count)
}

/** Keeps the newest files of the log: PostgreSQL begins a new one at 8 MB and removes none. */
export async function pruneLog(directory: string): Promise<void> {
  const files = await logFiles(directory)
  await Promise.all(files.slice(0, -keep).map((file) => rm(join(directory, file), { force: true })))
}

/** Prunes whenever a new file appears. Does not keep the process alive. */
export function keepLogPruned(directory: string): FSWatcher {
  const watcher = watch(directory, { persistent: false }, (event) => {
    // A failed prune is made up for at the next new file.
    if (event === 'rename') pruneLog(directory).catch(() => undefined)
  })
  watcher.on('error', () => watcher.close()) // The directory went away with the server.
  return watcher
}

/** Oldest first: the names carry the time. */
async function logFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory)
  return names.filter((name) => /^postgresql-.*\.log$/.test(name)).toSorted()
}
