import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { BuildRequest } from '@plimsoll/engine'
import { isDiskFull, PlimsollError, toProblem, type Artifact, type Digest } from '@plimsoll/model'
import { createArtifactStore, type ArtifactStore, type PruneRequest } from './artifact-store.ts'
import type { ArtifactManifest } from './artifact-manifest.ts'
import { createBuildDesk } from './build-desk.ts'
import { deploymentIdOf, publicValuesOf } from './deployment-id.ts'
import { openBuildLog, type BuildLog } from './build-log.ts'
import { buildFailure, spaceHint } from './build-failure.ts'
import { buildInputs, type BuildInputs } from './build-inputs.ts'
import { findEntries } from './entries.ts'
import { makeArtifact, type MadeArtifact } from './make-artifact.ts'
import { runShell } from './run-shell.ts'
import { shareTrees, type ReadSource } from './share-trees.ts'
import { syncSource } from './sync-source.ts'
import { prepareToolchain, type Toolchain, type ToolchainOptions } from './toolchain.ts'
import { endAbandonedBuilds, openWorkDirectory, pruneWorkDirectories, type WorkDirectory, type WorkPruneRequest } from './work-directory.ts'

export interface BuilderOptions {
  /** Plimsoll's own directory, outside of every repository: work directories, artifacts and caches are kept in it. */
  readonly home: string
  /** The environment that Plimsoll was started with. Only what reaches registries and finds programs is taken from it. */
  readonly machine: Readonly<Record<string, string | undefined>>
  /** The Node that builds and runs Services; this process's own by default. */
  readonly node?: string
  /** How many Services are built at once; 2 by default. */
  readonly concurrency?: number
}

export interface Builder {
  /**
   * Makes the artifact of one Service, or finds the one that equal inputs made before (`fresh: false`).
   * Builds of one Service wait for each other. When `signal` fires, every process of the build is ended
   * before the promise rejects, and no artifact is kept. Throws `BUILD_FAILED`, `ARTIFACT_BROKEN`, `DISK_FULL`,
   * `OFFLINE`, `TOOL_MISSING`, `SOURCE_UNREADABLE`, `PLACE_CANNOT`, `RELEASE_LOCKED`.
   */
  build(request: BuildRequest, signal: AbortSignal): Promise<Artifact>
  /** Ends and deletes what killed builds left behind. Happens by itself before the first new build; more often is harmless. */
  sweep(): Promise<void>
  /**
   * Deletes artifacts and work directories that there is no room for; see {@link PruneRequest}. Does nothing while something
   * is built or looked for, and builds that are asked for meanwhile wait for its end. Gives the artifacts that went.
   */
  prune(request: PruneRequest & WorkPruneRequest): Promise<Digest[]>
}

/** Builds Services with their Blueprint's own commands, on this machine. */
export function createBuilder(options: BuilderOptions): Builder {
  const tools = { home: path.resolve(options.home), machine: options.machine, node: options.node ?? process.execPath }
  const store = createArtifactStore(tools.home)
  const readSource = shareTrees()
  const sweep = async () => {
    await endAbandonedBuilds(tools.home)
    await store.sweep()
  }
  const desk = createBuildDesk({ concurrency: options.concurrency ?? 2, sweep })
  return {
    async build(request, signal) {
      return desk.enter(() => buildOrFind(request, signal)).catch((error: unknown) => {
        throw diskFault(error, request, tools.home)
      })
    },
    sweep,
    async prune(request) {
      const gone = await desk.whenIdle(async () => {
        const pruned = await store.prune(request)
        await pruneWorkDirectories(tools.home, request)
        return pruned
      })
      return gone ?? []
    },
  }

  async function buildOrFind(request: BuildRequest, signal: AbortSignal): Promise<Artifact> {
    const began = performance.now()
    refuseForeign(request)
    const prepared = await prepare(request, tools, await readSource(request.source, signal))
    const job = { request, prepared, store, home: tools.home, began }
    return desk.findOrMake({
      name: `${request.app}/${request.spec.service}`,
      // A Next.js build takes the longest by far, so the others go on beside it.
      weight: prepared.deploymentId === undefined ? 0 : 1,
      find: () => recall(job),
      make: () => buildFresh({ ...job, waitedMs: Math.round(performance.now() - began) }, signal),
    }, signal)
  }
}

interface Prepared extends ReadSource {
  readonly toolchain: Toolchain
  readonly inputs: BuildInputs
  readonly deploymentId: string | undefined
}

interface Job {
  readonly request: BuildRequest
  readonly prepared: Prepared
  readonly store: ArtifactStore
  readonly home: string
  readonly began: number
}

interface FreshJob extends Job {
  readonly waitedMs: number
}

async function prepare(request: BuildRequest, tools: ToolchainOptions, { tree, workspace }: ReadSource): Promise<Prepared> {
  const toolchain = await prepareToolchain(tools, workspace)
  const { spec, environment, source } = request
  const inputs = buildInputs({ spec, tree, workspace, environment, blueprint: source.blueprint, tools: toolchain.versions })
  return { tree, workspace, toolchain, inputs, deploymentId: deploymentIdOf({ workspace, inputs, environment }) }
}

async function recall({ store, request, prepared, began }: Job): Promise<Artifact | undefined> {
  const found = await store.find(prepared.inputs.digest)
  return found && { ...found.artifact, service: request.spec.service, fresh: false, buildMs: Math.round(performance.now() - began) }
}

async function buildFresh(job: FreshJob, signal: AbortSignal): Promise<Artifact> {
  const { request, prepared, home } = job
  const work = await openWorkDirectory(home, request.app, request.spec.service)
  const log = openBuildLog(path.join(work.logs, `${new Date().toISOString().replaceAll(':', '-')}.log`), request.spec.service, request.output)
  try {
    work.mark()
    for (const warning of prepared.toolchain.warnings) log.say(warning)
    const { tree } = prepared
    await syncSource({ tree, directory: work.source, memory: work.memory })
    const environment = environmentOf(job)
    await runBuildCommand({ job, work, log, environment }, signal)
    const made = await makeFrom(job, { work, log, environment }, signal)
    const artifact = await keepArtifact(job, made)
    await work.unmark()
    return artifact
  } catch (error) {
    // A cut build keeps its mark, so that the next one starts from a clean directory.
    if (!signal.aborted) await work.unmark()
    // What a build without room has made is of no use, and it is what takes the room.
    if (toProblem(error).code === 'DISK_FULL') await work.discard()
    throw error
  } finally {
    log.close()
  }
}

interface Stage {
  readonly work: WorkDirectory
  readonly log: BuildLog
  readonly environment: Readonly<Record<string, string>>
}

async function runBuildCommand({ job, work, log, environment }: Stage & { job: Job }, signal: AbortSignal): Promise<void> {
  const { service, buildCommand: command, rootDir } = job.request.spec
  if (command === undefined || command.trim() === '') return log.say('no buildCommand: the source is taken as it is')
  const cwd = path.join(work.source, rootDir)
  work.mark(cwd)
  const exit = await runShell({ command, cwd, environment, onLine: log.line }, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    if (isDiskFull(error)) throw error
    throw new PlimsollError('BUILD_FAILED', `${service}: buildCommand could not be started in ${rootDir === '' ? 'the root' : rootDir}`, { hint: 'check rootDir in the Blueprint', cause: error })
  })
  if (exit.code !== 0) throw buildFailure({ service, command, exit, log: log.last(), logFile: log.file })
}

async function makeFrom(job: Job, { work, log, environment }: Stage, signal: AbortSignal): Promise<MadeArtifact> {
  const { tree, workspace, inputs, deploymentId } = job.prepared
  const { spec } = job.request
  const built = { root: work.source, spec, tree, workspace, packages: inputs.packages, entries: findEntries(spec, workspace), traceMemory: path.join(job.home, 'cache', 'traces') }
  const made = await makeArtifact({ built, store: job.store, environment, say: log.say, mark: work.mark }, signal)
  const carried = made.selection.deploymentId
  if (deploymentId !== undefined && made.selection.buildId !== undefined && carried !== deploymentId) {
    log.say(
      carried === undefined
        ? 'the pages carry no deployment id, so old tabs cannot be told from new ones: let NEXT_DEPLOYMENT_ID through to the build (turbo.json: globalPassThroughEnv)'
        : `the pages carry the deployment id ${carried}, which next.config sets, in place of ${deploymentId}`,
    )
  }
  if (made.selection.advice !== undefined) log.say(made.selection.advice)
  log.say(`${made.layout}: ${made.fileCount} files, ${(made.sizeBytes / 1e6).toFixed(1)} MB; ${made.tried}`)
  return made
}

async function keepArtifact({ request, prepared, store, began, waitedMs }: FreshJob, made: MadeArtifact): Promise<Artifact> {
  const { spec, source, app, environment } = request
  const { selection } = made
  const artifact: Artifact = {
    service: spec.service,
    digest: made.digest,
    inputs: prepared.inputs.digest,
    files: store.filesOf(made.digest),
    sizeBytes: made.sizeBytes,
    fileCount: made.fileCount,
    layout: made.layout,
    assets: [...selection.assets],
    ...(selection.deploymentId !== undefined && { deploymentId: selection.deploymentId }),
    publicValues: publicValuesOf(environment),
    ...(source.commit !== undefined && !source.dirty && { commit: source.commit }),
    builtAt: new Date().toISOString(),
    fresh: true,
    buildMs: Math.round(performance.now() - began),
    waitedMs,
    parts: prepared.inputs.parts,
  }
  const manifest: ArtifactManifest = {
    format: 1,
    artifact,
    app,
    ...(spec.startCommand !== undefined && { startCommand: spec.startCommand }),
    entries: [...selection.entries],
    ...(selection.buildId !== undefined && { buildId: selection.buildId }),
    dirty: source.dirty,
    tools: [...prepared.toolchain.versions],
    tried: made.tried,
  }
  try {
    await store.keep(made.staged, manifest)
  } finally {
    await rm(made.staged, { recursive: true, force: true })
  }
  return artifact
}

function environmentOf({ request, prepared }: Job): Record<string, string> {
  const id = prepared.deploymentId
  return { ...prepared.toolchain.environment, ...request.environment, ...(id !== undefined && { NEXT_DEPLOYMENT_ID: id }) }
}

function refuseForeign({ spec }: BuildRequest): void {
  if (spec.runtime !== 'docker' && spec.runtime !== 'image') return
  throw new PlimsollError('PLACE_CANNOT', `${spec.service}: runtime ${spec.runtime} cannot run as a local process`, { hint: 'give it runtime: node in the Blueprint, or use a place that has Docker' })
}

function diskFault(error: unknown, { spec }: BuildRequest, home: string): unknown {
  if (!isDiskFull(error)) return error
  return new PlimsollError('DISK_FULL', `${spec.service}: the disk filled up while its artifact was made`, { hint: spaceHint(path.join(home, 'builds')), cause: error })
}
