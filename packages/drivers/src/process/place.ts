import type { AppName, UnitName } from '@plimsoll/model'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hasCode } from './durable-file.ts'

/** The directory under which the process driver keeps everything, and the id that its processes carry. */
export interface Place {
  readonly home: string
  /** Made once; moves with the directory. */
  readonly id: string
}

/** Opens the place at `home`, making it if need be. Two openers at the same time agree on the id. */
export function openPlace(home: string): Place {
  const root = resolve(home)
  const file = join(root, 'place-id')
  if (existsSync(file)) return { home: root, id: readFileSync(file, 'utf8').trim() }
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  writeFileSync(temporary, `${randomBytes(8).toString('hex')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(temporary, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  return openPlace(root)
}

/** Asked of every unit at every look: `join` would take as long as what is then read. */
export function unitsDirectory(place: Place, app: AppName): string {
  return `${place.home}/units/${app}`
}

/** Holds the unit's record, the records of its runs, its working copy, HOME and TMPDIR; removed as one. */
export function unitDirectory(place: Place, app: AppName, unit: UnitName): string {
  return `${unitsDirectory(place, app)}/${unit}`
}

export function logsDirectory(place: Place, app: AppName, unit: UnitName): string {
  return join(place.home, 'logs', app, unit)
}

/** For what is half-made or half-removed. When nothing of ours is at work, anything in it may go. */
export function scratchDirectory(place: Place): string {
  return join(place.home, 'units-scratch')
}

export function scratchPath(place: Place, purpose: string): string {
  return join(scratchDirectory(place), `${purpose}-${randomBytes(6).toString('hex')}`)
}

/** Abstract socket names have at most 107 bytes, so that names of units are hashed into them. */
export function lockName(place: Place, what: string): string {
  return `${place.id}/${createHash('sha256').update(what).digest('hex').slice(0, 32)}`
}
