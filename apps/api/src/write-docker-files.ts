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

/** The repository at `root`, and a Blueprint that lies there or is about to. */
export interface BlueprintAt {
  readonly root: string
  readonly file: string
  readonly text: string
}

/**
 * The files that it takes to build the images of the services of a Blueprint. Writes nothing, and asks no API: it needs nothing but
 * the repository. Throws `BLUEPRINT_INVALID`, `SOURCE_UNREADABLE`.
 */
export async function dockerFilesOf({ root, file, text }: BlueprintAt, signal: AbortSignal): Promise<HandedOver> {
  // As the files lie there now, committed or not.
  const source: Source = { ...(await readSource(root, file, signal)), dirty: true }
  const blueprint = readBlueprint(text, file)
  const services = unitSpecs(blueprint).map((spec) => ({ spec, variables: declaredNames(blueprint, spec.service) }))
  return dockerFilesFor({ source, services }, signal)
}

/**
 * Writes into the repository at `root` what it takes to build its own images. A file that is there stays as it is, unless `force`.
 * Throws `NO_BLUEPRINT`, and what `dockerFilesOf` does.
 */
export async function writeDockerFiles({ root, blueprint: file, force }: { readonly root: string; readonly blueprint: string; readonly force: boolean }, signal: AbortSignal): Promise<WrittenDockerFiles> {
  const text = await blueprintText({ root, blueprint: file, dirty: true })
  const { files, left } = await dockerFilesOf({ root, file, text }, signal)
  const done: WrittenDockerFiles['files'][number][] = []
  for (const { text: content, ...named } of files) {
    const place = join(root, named.path)
    const written = force || !(await isThere(place))
    if (written) {
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, content)
    }
    done.push({ ...named, written })
  }
  return { files: done, left }
}

async function isThere(place: string): Promise<boolean> {
  return access(place).then(() => true, () => false)
}
