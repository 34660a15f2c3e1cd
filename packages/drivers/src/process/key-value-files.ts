import { slugOf, type AppName } from '@plimsoll/model'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn, readRecord } from './durable-file.ts'
import type { Kept } from './keeper.ts'
import { dataDirectory, keyValueRecordSchema, type KeyValueRecord } from './key-value-config.ts'
import type { Place } from './place.ts'

/** One key-value service of one app, and the directory that holds all of it. */
export interface KeyValueHome {
  readonly app: AppName
  readonly directory: string
}

export function keyValuesDirectory(place: Place): string {
  return join(place.home, 'keyvalues')
}

/** Names may have spaces and capitals, and two of them may have one slug. */
export function keyValueHome(place: Place, app: AppName, name: string): KeyValueHome {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return { app, directory: join(keyValuesDirectory(place), app, `${slugOf(name)}-${hash}`) }
}

export async function listKeyValues(place: Place, app: AppName): Promise<readonly (KeyValueHome & { readonly record: KeyValueRecord })[]> {
  const root = join(keyValuesDirectory(place), app)
  const found = (await namesIn(root)).map(async (name) => {
    const directory = join(root, name)
    const record = await readKeyValue(directory)
    return record === undefined ? [] : [{ app, directory, record }]
  })
  return (await Promise.all(found)).flat()
}

export function readKeyValue(directory: string): Promise<KeyValueRecord | undefined> {
  return readRecord(recordFile(directory), keyValueRecordSchema)
}

export function recordFile(directory: string): string {
  return join(directory, 'keyvalue.json')
}

export function configFile(directory: string): string {
  return join(directory, 'server.conf')
}

export function runFileOf(directory: string): string {
  return join(directory, 'run.json')
}

export function logFileOf(directory: string): string {
  return join(directory, 'server.log')
}

/** Hexadecimal, so that it stands in a URL and in a configuration file without quotes. */
export function newKeyValue({ app }: KeyValueHome, name: string, port: number): KeyValueRecord {
  return { name, instance: `${app}-${slugOf(name)}-${randomBytes(4).toString('hex')}`, port, password: randomBytes(24).toString('hex') }
}

/** The server as the keeper keeps it: wanted for as long as its record is there. */
export function keptServer(place: Place, { app, directory }: KeyValueHome, { instance, findServer }: { readonly instance: string; readonly findServer: () => Promise<string> }): Kept {
  return {
    id: instance,
    runFile: runFileOf(directory),
    async wanted() {
      if ((await readKeyValue(directory)) === undefined) return undefined
      await mkdir(dataDirectory(directory), { recursive: true, mode: 0o700 })
      return {
        command: [await findServer(), configFile(directory)],
        directory,
        marker: { place: place.id, role: 'keyvalue', app, id: instance },
        environment: { LANG: 'C.UTF-8', PATH: '/usr/local/bin:/usr/bin:/bin', HOME: directory },
        logFile: logFileOf(directory),
      }
    },
  }
}
