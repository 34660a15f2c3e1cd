import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BuildRequest } from '@plimsoll/engine'
import { digestSchema, isDiskFull, PlimsollError, slugOf, toProblem, type Artifact } from '@plimsoll/model'
import { createArtifactStore, type ArtifactStore } from '../build/artifact-store.ts'
import { createBuildDesk } from '../build/build-desk.ts'
import { spaceHint } from '../build/build-failure.ts'
import { openBuildLog, type BuildLog } from '../build/build-log.ts'
import type { Builder } from '../build/builder.ts'
import { publicValuesOf } from '../build/deployment-id.ts'
import { shareTrees } from '../build/share-trees.ts'
import { syncSource } from '../build/sync-source.ts'
import { endAbandonedBuilds, openWorkDirectory, pruneWorkDirectories, type WorkDirectory } from '../build/work-directory.ts'
import { openPlace } from '../process/place.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { findBuildClient } from './build-client.ts'
import { layOutSecrets } from './build-secrets.ts'
import { productionFilesPath } from './dockerfile.ts'
import { openBuildCache, type BuildCache } from './build-cache.ts'
import { imageLabels } from './image-labels.ts'
import { hasImage, removeImageNames } from './image-names.ts'
import { prepareImage, productionFiles, remoteCacheOf, trustedCertificates, type BaseImages, type PreparedImage } from './prepare-image.ts'
import { runImageBuild } from './run-image-build.ts'
import { digestOf, takeFromImage, type TakenFiles } from './take-from-image.ts'
import { settleImage, type SettledImage } from './settle-image.ts'

export interface ImageBuilderOptions {
  /** Plimsoll's own directory: sources, logs, and what the edge needs of each image are kept in it. */
  readonly home: string
  /** The environment that Plimsoll was started with: the docker program, its settings, and the certificates to trust are found by it. */
  readonly machine: Readonly<Record<string, string | undefined>>
  /** The engine that the docker program reaches too. */
  readonly engine: DockerEngine
  readonly bases?: BaseImages
  /** How many Services are built at once; 2 by default. */
  readonly concurrency?: number
  /** How much the engine may keep to build faster, whoever made it; no limit of ours unless given. */
  readonly cacheBytes?: number
  /** Builds every step again, for whoever wants to know what a build makes; false by default. */
  readonly noCache?: boolean
}

export interface ImageBuilder extends Builder {
  /** Does `work` that keeps images by other means: while it goes on nothing is pruned, and while something is pruned it does not begin. */
  unpruned<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * Builds Services as images of a Docker engine: from the repository's own Dockerfile where the Blueprint says `runtime: docker`, else from one that
 * is written for it. Promises what {@link Builder} does; an artifact's digest is the image's id, its files are what the edge serves itself, and
 * a bill of materials lies beside them (`sbom.cdx.json`). Throws `ENGINE_DOWN`, `ENGINE_TOO_OLD`, `ENGINE_REFUSED` besides.
 */
export function createImageBuilder(options: ImageBuilderOptions): ImageBuilder {
  const { engine, machine } = options
  const home = path.resolve(options.home)
  const store = createArtifactStore(home)
  const cache = openBuildCache({ engine, bytes: options.cacheBytes })
  const readSource = shareTrees()
  const sweep = async () => {
    await endAbandonedBuilds(home)
    await store.sweep()
  }
  const desk = createBuildDesk({ concurrency: options.concurrency ?? 2, sweep })
  return {
    async build(request, signal) {
      return desk.enter(() => buildOrFind(request, signal)).catch((error: unknown) => {
        if (!isDiskFull(error)) throw error
        throw new PlimsollError('DISK_FULL', `${request.spec.service}: the disk filled up while its image was made`, { hint: spaceHint(path.join(home, 'builds')), cause: error })
      })
    },
    unpruned: (work) => desk.enter(work),
    sweep,
    async prune(request) {
      const gone = await desk.whenIdle(async () => {
        const pruned = await store.prune(request)
        for (const digest of pruned) await removeImageNames(engine, digest, AbortSignal.timeout(60_000))
        await pruneWorkDirectories(home, request)
        await cache.prune()
        return pruned
      })
      return gone ?? []
    },
  }

  async function buildOrFind(request: BuildRequest, signal: AbortSignal): Promise<Artifact> {
    const began = performance.now()
    const source = await readSource(request.source, signal)
    const prepared = await prepareImage(request, source, { bases: options.bases ?? {}, ca: trustedCertificates(machine), remoteCache: remoteCacheOf(machine) })
    const job: ImageJob = { request, prepared, store, cache, home, engine, machine, noCache: options.noCache ?? false, began }
    return desk.findOrMake({ name: `${request.app}/${request.spec.service}`, weight: prepared.deploymentId === undefined ? 0 : 1, find: () => recall(job, signal), make: () => buildFresh({ ...job, waitedMs: Math.round(performance.now() - began) }, signal) }, signal)
  }
}

interface ImageJob extends Pick<ImageBuilderOptions, 'engine' | 'machine'> {
  readonly request: BuildRequest
  readonly prepared: PreparedImage
  readonly store: ArtifactStore
  readonly cache: BuildCache
  readonly home: string
  readonly noCache: boolean
  readonly began: number
}

interface FreshJob extends ImageJob {
  readonly waitedMs: number
}

/** An image can be removed behind our back, and its files here are then of no use. */
async function recall({ store, request, prepared, engine, noCache, began }: ImageJob, signal: AbortSignal): Promise<Artifact | undefined> {
  const found = noCache ? undefined : await store.find(prepared.inputs.digest)
  if (found === undefined || !(await hasImage(engine, found.artifact.digest, signal))) return undefined
  return { ...found.artifact, service: request.spec.service, fresh: false, buildMs: Math.round(performance.now() - began) }
}

async function buildFresh(job: FreshJob, signal: AbortSignal): Promise<Artifact> {
  const { request: { app, spec, output }, prepared, home, cache } = job
  cache.grows()
  const work = await openWorkDirectory(home, app, spec.service)
  const log = openBuildLog(path.join(work.logs, `${new Date().toISOString().replaceAll(':', '-')}.log`), spec.service, output)
  try {
    work.mark()
    for (const remark of prepared.remarks) log.say(remark)
    await syncSource({ tree: prepared.tree, directory: work.source, memory: work.memory })
    const tag = await buildImage(job, { work, log }, signal)
    const artifact = await keepImage(job, { tag, log }, signal)
    await work.unmark()
    return artifact
  } catch (error) {
    // A cut build keeps its mark, so that the next one starts from a clean directory.
    if (!signal.aborted) await work.unmark()
    if (toProblem(error).code === 'DISK_FULL') await work.discard()
    throw error
  } finally {
    log.close()
  }
}

async function buildImage(job: ImageJob, { work, log }: { work: WorkDirectory; log: BuildLog }, signal: AbortSignal): Promise<string> {
  const { request: { app, spec, source }, prepared, machine, engine, noCache } = job
  const client = await findBuildClient(machine, engine.address, signal)
  const dockerfile = await layOutDockerfile(prepared, work)
  const tag = `plimsoll/${app}-${slugOf(spec.service)}:${prepared.inputs.digest.slice(7, 23)}`
  const secrets = await layOutSecrets(path.join(path.dirname(work.source), 'secrets'), prepared.secrets, prepared.ca)
  try {
    work.mark(work.source)
    const args = { ...prepared.args, ...(source.commit !== undefined && !source.dirty && { REVISION: source.commit }) }
    await runImageBuild({ service: spec.service, client, dockerfile, context: path.join(work.source, prepared.context), tag, args, labels: imageLabels(prepared), secrets, noCache, log }, signal)
  } catch (error) {
    signal.throwIfAborted()
    // A client that loses its engine says so in many words, and the engine by its silence.
    await engine.call({ path: '/version', to: 'say whether it is there' }, signal)
    throw error
  } finally {
    await secrets.remove()
  }
  return tag
}

/** A written Dockerfile lies beside the source with its `.dockerignore`, which holds in place of the repository's; its script lies in the source. */
async function layOutDockerfile({ dockerfile }: PreparedImage, { source }: WorkDirectory): Promise<string> {
  if (dockerfile.is === 'own') return path.join(source, dockerfile.file)
  const file = path.join(path.dirname(source), 'image', 'Dockerfile')
  const script = path.join(source, productionFilesPath)
  for (const each of [file, script]) await mkdir(path.dirname(each), { recursive: true })
  await writeFile(file, dockerfile.text)
  await writeFile(`${file}.dockerignore`, dockerfile.ignore)
  await writeFile(script, productionFiles)
  return file
}

async function keepImage(job: FreshJob, { tag, log }: { tag: string; log: BuildLog }, signal: AbortSignal): Promise<Artifact> {
  const { store, engine, prepared, request } = job
  const staged = await store.stage()
  try {
    const { spec, source } = request
    const taken = await takeFromImage({ engine, place: openPlace(job.home), tag, spec, dockerfile: prepared.dockerfile, into: path.join(staged, 'files') }, signal)
    const bill = await billOfMaterials({ service: spec.service, inputs: prepared.inputs.digest, commit: source.dirty ? undefined : source.commit, packages: taken.packages, tree: prepared.tree })
    await writeFile(path.join(staged, 'sbom.cdx.json'), bill)
    const image = await settleImage({ engine, tag, labels: { 'plimsoll.sbom': digestOf(bill) } }, signal)
    const artifact = artifactOf(job, { image, taken })
    log.say(`${image.id.slice(7, 19)}: ${taken.fileCount} files of its own, ${(taken.sizeBytes / 1e6).toFixed(1)} MB on ${((image.sizeBytes - taken.sizeBytes) / 1e6).toFixed(0)} MB; ${taken.packages.length} packages`)
    await store.keep(staged, { format: 1, artifact, app: request.app, ...(spec.startCommand !== undefined && { startCommand: spec.startCommand }), entries: [], ...(taken.buildId !== undefined && { buildId: taken.buildId }), dirty: source.dirty, tools: [], tried: 'nothing of it was run' })
    return artifact
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
}

function artifactOf({ request, prepared, store, began, waitedMs }: FreshJob, { image, taken }: { image: SettledImage; taken: TakenFiles }): Artifact {
  const { spec, source, environment } = request
  const digest = digestSchema.parse(image.id)
  return {
    service: spec.service, digest, image: image.id, inputs: prepared.inputs.digest, files: store.filesOf(digest), sizeBytes: image.sizeBytes, fileCount: taken.fileCount, layout: 'image',
    assets: [...taken.assets],
    ...(taken.deploymentId !== undefined && { deploymentId: taken.deploymentId }),
    publicValues: publicValuesOf(environment),
    ...(source.commit !== undefined && !source.dirty && { commit: source.commit }),
    builtAt: new Date().toISOString(), fresh: true, buildMs: Math.round(performance.now() - began), waitedMs, parts: prepared.inputs.parts,
  }
}
