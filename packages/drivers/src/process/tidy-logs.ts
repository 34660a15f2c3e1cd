import type { AppName } from '@plimsoll/model'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from './durable-file.ts'
import { defaultRotation, rotate } from './log-file.ts'
import { logsDirectory, type Place } from './place.ts'
import { listApps, listUnits, namesIn } from './records.ts'

/** The logs of that many stopped units are kept for each app. */
const keptUnits = 40

/** Rotates the logs of every unit that runs. */
export async function rotateLogs(place: Place): Promise<void> {
  for (const app of await listApps(place)) {
    for (const { unit } of await listUnits(place, app)) {
      const directory = logsDirectory(place, app, unit.name)
      const logs = (await namesIn(directory)).filter((name) => name.endsWith('.log'))
      for (const name of logs) await rotate(join(directory, name), defaultRotation)
    }
  }
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
