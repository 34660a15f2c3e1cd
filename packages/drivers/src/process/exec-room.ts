import type { RunnableUnit } from '@plimsoll/engine'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from './place.ts'
import { readUnit } from './records.ts'
import { copyDirectory, prepareUnit } from './start-unit.ts'
import { homeDirectory, temporaryDirectory } from './unit-environment.ts'
import { ensureWorkingCopy } from './working-copy.ts'

/** Where a command runs. */
export interface Room {
  /** Holds HOME and TMPDIR. */
  readonly directory: string
  readonly files: string
  /** Removes what was made for the command alone. */
  remove(): Promise<void>
}

/** A started unit's own copy; else one at `directory`, for the command alone. Made before, it is found again. */
export async function makeRoom({ place }: { readonly place: Place }, { app, unit, artifact }: RunnableUnit, directory: string): Promise<Room> {
  const record = await readUnit(place, app, unit.name)
  if (record !== undefined) {
    const files = await prepareUnit(place, record)
    return { directory: join(files, '..'), files, remove: async () => undefined }
  }
  const files = copyDirectory(directory)
  await mkdir(homeDirectory(directory), { recursive: true, mode: 0o700 })
  await mkdir(temporaryDirectory(directory), { recursive: true, mode: 0o700 })
  await ensureWorkingCopy(place, artifact, files)
  return { directory, files, remove: () => rm(directory, { recursive: true, force: true }) }
}
