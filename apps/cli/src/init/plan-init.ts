import { access } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { findApps, readRepository, type FoundRepository } from '@plimsoll/repository/apps'
import { blueprintFor, proposalFor, type Answers, type Proposal } from './propose-blueprint.ts'
import { composeFile } from './compose-file.ts'
import { suitesConfig } from './suites-config.ts'

/** What is to be written, beside the Blueprint and the configuration of suites. */
export interface InitWish {
  readonly root: string
  /** The Blueprint, relative to `root`. */
  readonly file: string
  readonly docker: boolean
  readonly compose: boolean
  readonly ci: 'github' | undefined
}

export interface PlannedFile {
  /** Relative to the directory of the Blueprint. */
  readonly path: string
  readonly text: string
  /** True for one that is there already, and stays as it is. */
  readonly isThere: boolean
}

export interface InitPlan {
  readonly proposal: Proposal
  readonly files: readonly PlannedFile[]
  /** What a person should know: what was left out, and what keeps a service from running. */
  readonly remarks: readonly string[]
}

/** Reads a repository. Throws `NO_BLUEPRINT` where nothing in it can be proposed to run, `SOURCE_UNREADABLE`, `TOOL_MISSING`. */
export async function findIn(root: string, signal: AbortSignal): Promise<FoundRepository> {
  const found = await findApps(await readRepository(root, signal), signal)
  if (found.services.some(({ kind, start }) => kind === 'site' || start !== undefined)) return found
  const [left] = found.left
  throw new PlimsollError('NO_BLUEPRINT', `No Next.js or Fastify app was found in ${root}${left === undefined ? '' : `. ${left.directory}: ${left.why}`}`, {
    hint: 'Name the directory that holds the workspace: plimsoll init DIRECTORY. What counts as an app: docs/init.md',
  })
}

export interface InitMaterial {
  readonly found: FoundRepository
  readonly wish: InitWish
  readonly answers: Pick<Answers, 'region' | 'values'>
}

/** Everything that would be written for what was found and answered. Writes nothing. */
export async function planInit({ found, wish, answers }: InitMaterial, signal: AbortSignal): Promise<InitPlan> {
  const ci = wish.ci === undefined ? undefined : await workflowFor(wish.root)
  const proposal = proposalFor({ ...found, ci: found.ci ?? ci?.path }, answers)
  const native = blueprintFor(proposal, { ...answers, dockerfiles: new Map() })
  const docker = wish.docker || wish.compose ? await dockerFiles(wish, native, signal) : { files: [], left: [], dockerfiles: new Map<string, string>() }
  const blueprint = wish.docker ? blueprintFor(proposal, { ...answers, dockerfiles: docker.dockerfiles }) : native
  const config = suitesConfig(proposal)
  const planned = [
    { path: wish.file, text: blueprint },
    ...docker.files,
    ...(wish.compose ? [{ path: 'compose.yaml', text: composeFile(proposal, docker.dockerfiles) }] : []),
    ...(config === undefined ? [] : [{ path: 'plimsoll.config.ts', text: config }]),
    ...(ci === undefined ? [] : [ci]),
  ]
  return {
    proposal,
    files: await Promise.all(planned.map(async (each) => ({ ...each, isThere: await isThere(join(wish.root, each.path)) }))),
    remarks: [...remarksOn(proposal), ...docker.left.map(({ service, why, hint }) => `${service} gets no Dockerfile: ${why}${hint === undefined ? '' : `. ${hint}`}`)],
  }
}

function remarksOn({ found }: Proposal): string[] {
  return [
    ...(found.manager.lockfile === undefined ? [`There is no lockfile of ${found.manager.name}: run ${found.manager.name} install and commit it, or every build may install something else`] : []),
    ...found.services.filter(({ kind, start }) => kind !== 'site' && start === undefined).map(({ package: { directory } }) => `${directory} is left out: nothing says how it is started`),
    ...found.left.map(({ directory, why }) => `${directory} is left out. ${why}`),
    ...found.services.flatMap(({ faults }) => faults),
  ]
}

async function workflowFor(root: string): Promise<{ path: string; text: string }> {
  const { planGithubWorkflow } = await import('../ci/write-workflow.ts')
  const { repository, path, text } = await planGithubWorkflow(root)
  return { path: relative(root, join(repository, path)).replaceAll('\\', '/'), text }
}

interface DockerPart {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly left: readonly { readonly service: string; readonly why: string; readonly hint: string | undefined }[]
  /** By service. */
  readonly dockerfiles: ReadonlyMap<string, string>
}

async function dockerFiles({ root, file }: InitWish, text: string, signal: AbortSignal): Promise<DockerPart> {
  // Loaded here: nothing else of this command needs it, and it knows all about builds.
  const { dockerFilesOf } = await import('@plimsoll/api/docker-files')
  const { files, left } = await dockerFilesOf({ root, file, text }, signal)
  return { files: files.map(({ path, text: content }) => ({ path, text: content })), left, dockerfiles: new Map(files.flatMap(({ service, path }) => (service === undefined ? [] : [[service, path] as const]))) }
}

async function isThere(place: string): Promise<boolean> {
  return access(place).then(() => true, () => false)
}
