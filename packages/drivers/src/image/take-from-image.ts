import path from 'node:path'
import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import type { AssetTree, UnitSpec } from '@plimsoll/model'
import { z } from 'zod'
import { assetsOf, readNextBuild } from '../build/next-build.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import type { Place } from '../process/place.ts'
import type { ImagePlan } from './image-plan.ts'
import { readImageFiles, type ImageFiles } from './read-image-files.ts'

export interface TakeRequest {
  readonly engine: DockerEngine
  readonly place: Place
  readonly tag: string
  readonly spec: UnitSpec
  /** One that Plimsoll wrote lays the repository out below `/app`; any other has a working directory. */
  readonly dockerfile: { readonly is: 'own' } | { readonly is: 'written'; readonly plan: Pick<ImagePlan, 'nextDirectories'> }
  /** Where the files go that the edge serves by itself. */
  readonly into: string
}

/** What was found in an image, and what was taken out of it. */
export interface TakenFiles extends ImageFiles {
  readonly assets: readonly AssetTree[]
  readonly deploymentId: string | undefined
  readonly buildId: string | undefined
}

const imageSchema = z.object({ Config: z.object({ WorkingDir: z.string().nullish() }) })

/** Takes out of an image what is needed of it on the host: the static files of Next.js, the manifests that tell its pages, and all of a static site. */
export async function takeFromImage({ engine, place, tag, spec, dockerfile, into }: TakeRequest, signal: AbortSignal): Promise<TakenFiles> {
  await mkdir(into, { recursive: true })
  const directory = dockerfile.is === 'written' ? '/app' : await workingDirectory(engine, tag, signal)
  // A base that nobody's app lies in, or an image whose whole disk would have to be read.
  if (directory === '/') return { fileCount: 0, sizeBytes: 0, packages: [], assets: [], deploymentId: undefined, buildId: undefined }
  const wanted = spec.kind === 'static' ? () => true : isOfNext(dockerfile.is === 'written' ? dockerfile.plan.nextDirectories.map((each) => path.posix.basename(each)) : ['.next'])
  const found = await readImageFiles({ engine, place, image: tag, directory, wanted, into }, signal)
  for (const build of await buildDirectories(into)) {
    const next = await readNextBuild(path.join(into, build))
    if (next !== undefined) return { ...found, assets: assetsOf(next, `${build}/static`), deploymentId: next.deploymentId, buildId: next.buildId }
  }
  return { ...found, assets: [], deploymentId: undefined, buildId: undefined }
}

async function workingDirectory(engine: DockerEngine, tag: string, signal: AbortSignal): Promise<string> {
  const { Config: { WorkingDir } } = await engine.read(imageSchema, { path: `/images/${tag}/json`, to: 'look at an image' }, signal)
  return WorkingDir === undefined || WorkingDir === null || WorkingDir === '' ? '/' : WorkingDir
}

/** Of a build directory of such a name; a standalone server has its own within the app's. */
function isOfNext(names: readonly string[]): (file: string) => boolean {
  return (file) => {
    const steps = file.split('/')
    const at = steps.findLastIndex((step) => names.includes(step))
    if (at < 0 || steps.includes('node_modules')) return false
    const [next = '', ...rest] = steps.slice(at + 1)
    const isManifest = (rest.length === 0 && (next === 'BUILD_ID' || next.endsWith('.json'))) || (next === 'server' && rest.join('/') === 'pages-manifest.json')
    return next === 'static' || isManifest
  }
}

/** Where `required-server-files.json` lies. */
async function buildDirectories(into: string): Promise<string[]> {
  const files = await readdir(into, { recursive: true, withFileTypes: true })
  return files.filter(({ name }) => name === 'required-server-files.json').map(({ parentPath }) => path.relative(into, parentPath).split(path.sep).join('/')).sort()
}

/** The digest of a text, as images and artifacts are named. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
