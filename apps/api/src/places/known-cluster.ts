import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSettings, type SwarmSettings } from '../swarm-settings.ts'

const fileIn = (home: string): string => join(home, 'cluster.json')

/** The cluster in which apps of this home live, as it was last used; undefined where none ever was. */
export function knownCluster(home: string): SwarmSettings | undefined {
  const file = fileIn(home)
  return existsSync(file) ? parseSettings(readFileSync(file, 'utf8')) : undefined
}

/** Has the next start know it, whoever starts it: apps that live there are not to be left alone. Twice is once. */
export async function rememberCluster(home: string, settings: SwarmSettings): Promise<void> {
  const file = fileIn(home)
  await writeFile(`${file}.new`, `${JSON.stringify(settings)}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}
