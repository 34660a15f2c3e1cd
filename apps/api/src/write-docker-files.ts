import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { declaredNames, unitSpecs } from '@plimsoll/blueprint'
import { dockerFilesFor, type HandedOver } from '@plimsoll/drivers/docker'
import type { Source } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { blueprintText } from './blueprint-text.ts'
import { readBlueprint } from './wiring.ts'

export interface WrittenDockerFiles extends Pick<HandedOver, 'left'> {
  readonly files: readonly { readonly path: string; readonly service?: string; /** False for one that was there, and stays as it was. */ readonly written: boolean }[]
}

/**
 * Writes into the repository at `root` what it takes to build its own images. A file that is there stays as it is, unless `force`. Asks
 * no API: it needs nothing but the repository. Throws `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, `SOURCE_UNREADABLE`.
 */
export async function writeDockerFiles({ root, blueprint: file, force }: { readonly root: string; readonly blueprint: string; readonly force: boolean }, signal: AbortSignal): Promise<WrittenDockerFiles> {
  // As the files lie there now, committed or not.
  const source: Source = { ...(await readSource(root, file, signal)), dirty: true }
  const blueprint = readBlueprint(await blueprintText(source), file)
  const services = unitSpecs(blueprint).map((spec) => ({ spec, variables: declaredNames(blueprint, spec.service) }))
  const { files, left } = await dockerFilesFor({ source, services }, signal)
  const done: WrittenDockerFiles['files'][number][] = []
  for (const { text, ...named } of files) {
    const place = join(root, named.path)
    const written = force || !(await isThere(place))
    if (written) {
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, text)
    }
    done.push({ ...named, written })
  }
  return { files: done, left }
}

async function isThere(place: string): Promise<boolean> {
  return access(place).then(() => true, () => false)
}
