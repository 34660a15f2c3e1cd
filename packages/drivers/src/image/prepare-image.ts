import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { BuildRequest } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import type { SourceTree } from '@plimsoll/repository'
import { buildInputs, digestOfValues, type BuildInputs } from '../build/build-inputs.ts'
import { deploymentIdOf } from '../build/deployment-id.ts'
import type { ReadSource } from '../build/share-trees.ts'
import { dockerfile } from './dockerfile.ts'
import { dockerignore } from './dockerignore.ts'
import { planImage, type ImagePlan } from './image-plan.ts'
import { ownDockerfile } from './own-dockerfile.ts'

/** Base images in place of those that a written Dockerfile names. */
export interface BaseImages {
  /** With a shell, Node and npm. */
  readonly build?: string
  readonly runtime?: string
}

export interface PrepareOptions {
  readonly bases: BaseImages
  /** A file of certificates to trust in builds. */
  readonly ca: string | undefined
  /** What Turborepo finds its remote cache by. It changes how fast a build is, and not what it makes. */
  readonly remoteCache: Readonly<Record<string, string>>
}

/** All that decides what an image becomes. */
export interface PreparedImage extends ReadSource {
  readonly inputs: BuildInputs
  readonly deploymentId: string | undefined
  /** Relative to the repository's root; empty for the root itself. */
  readonly context: string
  /** The repository's own; else what Plimsoll writes, with what it needs in the context. */
  readonly dockerfile: { readonly is: 'own'; readonly file: string } | { readonly is: 'written'; readonly text: string; readonly ignore: string; readonly plan: ImagePlan }
  readonly args: Readonly<Record<string, string>>
  /** What the build sees and the image does not hold. */
  readonly secrets: Readonly<Record<string, string>>
  readonly ca: string | undefined
  readonly remarks: readonly string[]
}

/** The script that a written Dockerfile has in its context; see its head. */
export const productionFiles = readFileSync(new URL('production-files.mjs', import.meta.url), 'utf8')

/** Settles everything before anything is built. Throws `PLACE_CANNOT`, `SOURCE_UNREADABLE`, `BUILD_FAILED`. */
export async function prepareImage(request: BuildRequest, source: ReadSource, options: PrepareOptions): Promise<PreparedImage> {
  const { spec } = request
  if (spec.runtime === 'image') throw new PlimsollError('PLACE_CANNOT', `${spec.service} has an image already, and nothing to build`, { hint: 'release it as it is, or give it runtime: node or docker in the Blueprint' })
  return spec.runtime === 'docker' ? prepareOwn(request, source, options) : prepareWritten(request, source, options)
}

async function prepareOwn(request: BuildRequest, source: ReadSource, { ca }: PrepareOptions): Promise<PreparedImage> {
  const { spec, environment } = request
  const secretNames = request.secrets ?? Object.keys(environment).filter((name) => !isPublic(name))
  const own = await ownDockerfile(spec, source.tree, secretNames)
  // A Dockerfile can read all of its context, and nothing else.
  const tree = narrowed(source.tree, [own.context, own.file])
  const inputs = inputsOf(request, { ...source, tree }, [own.file, own.context, own.text])
  const deploymentId = deploymentIdOf({ workspace: source.workspace, inputs, environment })
  const given = withDeploymentId(environment, deploymentId)
  return {
    ...source, inputs, deploymentId, ca, context: own.context, remarks: own.remarks,
    dockerfile: { is: 'own', file: own.file },
    args: pick(given, (name) => own.args.includes(name) && (isPublic(name) || !secretNames.includes(name))),
    secrets: pick(environment, (name) => secretNames.includes(name)),
  }
}

async function prepareWritten(request: BuildRequest, source: ReadSource, { bases, ca, remoteCache }: PrepareOptions): Promise<PreparedImage> {
  const { spec, environment } = request
  const plan = await planImage({ spec, ...source, variables: Object.keys(environment) })
  const text = dockerfile(plan)
  const inputs = inputsOf(request, source, [text, productionFiles, bases.build ?? '', bases.runtime ?? ''])
  const deploymentId = deploymentIdOf({ workspace: source.workspace, inputs, environment })
  const given = withDeploymentId(environment, deploymentId)
  const secrets = pick(environment, (name) => !isPublic(name))
  return {
    ...source, inputs, deploymentId, ca, context: '', remarks: [], secrets: { ...remoteCache, ...secrets },
    dockerfile: { is: 'written', text, ignore: dockerignore(source.tree), plan },
    args: {
      ...pick(given, isPublic),
      // A secret is no part of what the engine goes by when it looks for a step that is done already; this is.
      ENVIRONMENT_DIGEST: digestOfValues(secrets),
      ...(bases.build !== undefined && { NODE_BASE: bases.build }),
      ...(bases.runtime !== undefined && plan.runs.is === 'program' && { RUNTIME_BASE: bases.runtime }),
    },
  }
}

function inputsOf(request: BuildRequest, { tree, workspace }: ReadSource, image: readonly string[]): BuildInputs {
  const recipe = createHash('sha256').update(JSON.stringify(image)).digest('hex')
  return buildInputs({ spec: request.spec, tree, workspace, environment: request.environment, blueprint: request.source.blueprint, tools: ['image 1', recipe] })
}

function narrowed(tree: SourceTree, places: readonly string[]): SourceTree {
  if (places.includes('')) return tree
  return { ...tree, files: new Map([...tree.files].filter(([name]) => places.some((place) => name === place || name.startsWith(`${place}/`)))) }
}

function withDeploymentId(environment: Readonly<Record<string, string>>, id: string | undefined): Record<string, string> {
  return { ...environment, ...(id !== undefined && { NEXT_DEPLOYMENT_ID: id }) }
}

function isPublic(name: string): boolean {
  return name.startsWith('NEXT_PUBLIC_') || name === 'NEXT_DEPLOYMENT_ID'
}

function pick(environment: Readonly<Record<string, string>>, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => wanted(name)))
}

/** The file of certificates that this machine trusts beyond what Node does, if it names one. */
export function trustedCertificates(machine: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = machine['NODE_EXTRA_CA_CERTS']
  return file !== undefined && existsSync(file) ? path.resolve(file) : undefined
}


/** What the machine has of it. */
export function remoteCacheOf(machine: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ['TURBO_API', 'TURBO_TOKEN', 'TURBO_TEAM', 'TURBO_TEAMID', 'TURBO_REMOTE_CACHE_SIGNATURE_KEY']
  return Object.fromEntries(names.flatMap((name) => (machine[name] === undefined ? [] : [[name, machine[name]]])))
}
