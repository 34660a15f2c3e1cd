import path from 'node:path'
import { isPlimsollError, type Source, type UnitSpec } from '@plimsoll/model'
import { readSourceTree, readWorkspace } from '@plimsoll/repository'
import { dockerfile, productionFilesPath } from './dockerfile.ts'
import { dockerignore } from './dockerignore.ts'
import { planImage, type ImagePlan } from './image-plan.ts'
import { productionFiles } from './prepare-image.ts'

export interface HandOver {
  readonly source: Source
  readonly services: readonly { readonly spec: UnitSpec; /** Names of its variables at build time. */ readonly variables: readonly string[] }[]
}

export interface HandedOver {
  /** Paths relative to the repository's root. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly service?: string }[]
  /** Services that none could be written for. */
  readonly left: readonly { readonly service: string; readonly why: string; readonly hint: string | undefined }[]
}

/** The files by which a repository builds its own images: a Dockerfile for each service, and what they share. Writes nothing. */
export async function dockerFilesFor({ source, services }: HandOver, signal: AbortSignal): Promise<HandedOver> {
  const tree = await readSourceTree(source, signal)
  const workspace = await readWorkspace(tree)
  const files = new Map<string, { path: string; text: string; service: string }>()
  const left: HandedOver['left'][number][] = []
  for (const { spec, variables } of services) {
    if (spec.runtime === 'docker' || spec.runtime === 'image') continue
    try {
      const plan = await planImage({ spec, tree, workspace, variables })
      const place = placeOf(plan, files)
      files.set(place, { path: place, text: dockerfile(plan, place), service: spec.service })
    } catch (error) {
      if (!isPlimsollError(error) || error.code !== 'PLACE_CANNOT') throw error
      left.push({ service: spec.service, why: error.message, hint: error.hint })
    }
  }
  const common = [{ path: productionFilesPath, text: productionFiles }, { path: '.dockerignore', text: dockerignore(tree) }]
  return { files: files.size === 0 ? [] : [...files.values(), ...common], left }
}

/** Beside what it is for. Of two services of one package, the second names its own. */
function placeOf({ target, service }: ImagePlan, taken: ReadonlyMap<string, unknown>): string {
  const usual = path.posix.join(target.directory, 'Dockerfile')
  return taken.has(usual) ? path.posix.join(target.directory, `${service.replaceAll(/[^\w.-]+/g, '-')}.Dockerfile`) : usual
}
