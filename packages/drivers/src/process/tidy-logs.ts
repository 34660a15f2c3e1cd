import type { AppName } from '@plimsoll/model'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, namesIn } from './durable-file.ts'
import { defaultRotation, rotate } from './log-file.ts'
import type { Place } from './place.ts'
import { listUnits } from './records.ts'

/** The logs of that many stopped units are kept for each app. */
const keptUnits = 40

/** Rotates every log that has grown too large: of units, and of key-value servers. */
export async function rotateLogs(place: Place): Promise<void> {
  const roots = [join(place.home, 'logs'), join(place.home, 'keyvalues')]
  const apps = await pathsIn(roots)
  const logs = (await pathsIn(await pathsIn(apps))).filter((path) => path.endsWith('.log'))
  for (const log of logs) await rotate(log, defaultRotation)
}

async function pathsIn(directories: readonly string[]): Promise<readonly string[]> {
  const all = await Promise.all(directories.map(async (directory) => (await namesIn(directory)).map((name) => join(directory, name))))
  return all.flat()
}

/** Forgets the oldest logs of units that have been stopped. */
export async function forgetOldLogs(place: Place, app: AppName): Promise<void> {
  const running = new Set<string>((await listUnits(place, app)).map(({ unit }) => unit.name))
  const root = join(place.home, 'logs', app)
  const stopped = (await namesIn(root)).filter((name) => !running.has(name)).map((name) => join(root, name))
  if (stopped.length <= keptUnits) return
  const aged = await Promise.all(stopped.map(async (path) => ({ path, age: await writtenAt(path) })))
  const old = aged.sort((a, b) => b.age - a.age).slice(keptUnits)
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })))
}

async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}
