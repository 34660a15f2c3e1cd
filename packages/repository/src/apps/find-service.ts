import { posix } from 'node:path'
import { programSources, type ProgramSources } from '../program/program-sources.ts'
import { variablesOf, type ProgramVariable } from '../program/variables-of.ts'
import type { WorkspacePackage } from '../workspace.ts'
import type { FoundManager } from './find-manager.ts'
import { migrationIn } from './find-migration.ts'
import { databaseIn, keyValueIn, prismaSchemaIn } from './find-stores.ts'
import type { FoundService, Left } from './found.ts'
import { dependencyOf, inManifest } from './in-manifest.ts'
import { nextApp, type NextApp } from './next-app.ts'
import { nextStart } from './next-start.ts'
import type { ReadRepository } from './read-repository.ts'
import { serverFacts, type ServerFacts } from './server-facts.ts'
import { serverStart } from './server-start.ts'

interface Scene {
  readonly repository: ReadRepository
  readonly manager: FoundManager
  readonly target: WorkspacePackage
  readonly dependsOn: readonly WorkspacePackage[]
}

/** What a package is run as: a service, nothing (undefined), or something that looks like one and is not known. */
export async function findService(scene: Scene, signal: AbortSignal): Promise<FoundService | Left | undefined> {
  const app = await nextApp(scene.repository, scene.target)
  return app === undefined ? serverOf(scene, signal) : nextServiceOf(scene, app, signal)
}

async function nextServiceOf(scene: Scene, app: NextApp, signal: AbortSignal): Promise<FoundService> {
  const { repository, manager, target } = scene
  const sources = await sourcesOf(scene, undefined, signal)
  const common = { ...(await commonOf(scene, sources)), from: app.from, portVariable: undefined, faults: [], serverActions: await serverActionsIn(repository, sources) }
  if (app.output?.value === 'export') return {
    ...common, kind: 'site', start: undefined, afterBuild: undefined, publishPath: posix.join(target.directory, 'out'), healthPath: undefined, usualPort: undefined, hostVariable: undefined, migration: undefined,
  }
  return { ...common, kind: 'next', publishPath: undefined, healthPath: app.healthPath, usualPort: portIn(target), ...nextStart({ repository, manager, target, app }) }
}

async function serverOf(scene: Scene, signal: AbortSignal): Promise<FoundService | Left | undefined> {
  const { repository, manager, target } = scene
  const fastify = dependencyOf(target, ['fastify', '@nestjs/platform-fastify'])
  const started = await serverStart(repository, manager, target)
  if (started === undefined) return notStarted(target, fastify !== undefined)
  // Plug-ins that are found by their directory are imported nowhere.
  const isScattered = dependencyOf(target, ['@fastify/autoload', 'fastify-cli']) !== undefined
  const sources = await sourcesOf(scene, isScattered ? undefined : started.entry, signal)
  const common = await commonOf(scene, sources)
  const server = sources === undefined ? none : await serverFacts(repository, sources, common.variables)
  const script = target.manifest.scripts['start'] ?? ''
  const byCli = fastify !== undefined && /^fastify\s+start\b/.test(script)
  const parts = { ...common, start: started.start, afterBuild: undefined, publishPath: undefined, portVariable: server.portVariable, usualPort: server.usualPort, faults: server.faults }
  if (fastify !== undefined && (server.listens !== undefined || byCli)) return {
    ...parts, kind: 'fastify', serverActions: undefined, from: inManifest(target, `dependencies.${fastify}`), healthPath: server.healthPath,
    hostVariable: byCli && !/\s(?:-a|--address)\b/.test(script) ? { value: 'FASTIFY_ADDRESS', from: inManifest(target, 'scripts.start') } : server.hostVariable,
  }
  if (server.listens !== undefined) return { directory: target.directory, why: `It listens (${server.listens}) and is neither Next.js nor Fastify` }
  if (!/worker|job|queue|consumer|scheduler/i.test(target.name)) return { directory: target.directory, why: `It has a script "start", and is neither Next.js nor Fastify, nor called a worker` }
  return { ...parts, kind: 'worker', serverActions: undefined, from: started.start.from, healthPath: undefined, hostVariable: undefined }
}

/** Beside libraries, which nobody starts, lie programs that nobody knows how to start. */
function notStarted({ directory, manifest: { scripts } }: WorkspacePackage, isFastify: boolean): Left | undefined {
  if (!/^(?:apps|services|sites)\//.test(directory)) return undefined
  if (isFastify) return { directory, why: 'It depends on Fastify, and nothing says how it is started: give it a script "start"' }
  return scripts['build'] === undefined ? undefined : { directory, why: 'It is built and never started. A site of files is a service with runtime: static and staticPublishPath' }
}

const none: ServerFacts = { listens: undefined, healthPath: undefined, portVariable: undefined, usualPort: undefined, hostVariable: undefined, faults: [] }

/** Follows a program from `entry`; where there is none, from the pages of a Next.js app, else from all that the package has. */
async function sourcesOf({ repository: { root, files, workspace }, target }: Scene, entry: string | undefined, signal: AbortSignal): Promise<ProgramSources | undefined> {
  const code = { files: [...files], packages: [workspace.root, ...workspace.packages] }
  return programSources({ root, code, program: { entries: entry === undefined ? [] : [entry], complete: true, packages: [target] } }, signal)
}

async function serverActionsIn({ text }: ReadRepository, sources: ProgramSources | undefined): Promise<string | undefined> {
  for (const file of sources?.modules.keys() ?? []) {
    const found = /^[ \t]*['"]use server['"]/m.exec((await text(file)) ?? '')
    if (found !== null) return `${file}:${found.input.slice(0, found.index).split('\n').length}`
  }
  return undefined
}

type Common = Pick<FoundService, 'name' | 'package' | 'dependsOn' | 'variables' | 'database' | 'keyValue' | 'migration'>

async function commonOf({ repository, manager, target, dependsOn }: Scene, sources: ProgramSources | undefined): Promise<Common> {
  const packages = [target, ...dependsOn]
  const prisma = await prismaSchemaIn(repository, packages)
  const read = sources === undefined ? [] : variablesOf(sources)
  const database = prisma === undefined || prisma.provider === 'postgresql' ? databaseIn(packages) : undefined
  return {
    name: target.name, package: target, dependsOn, database, keyValue: keyValueIn(packages),
    variables: prisma?.url === undefined ? read : merged(read, prisma.url),
    migration: database === undefined ? undefined : migrationIn({ manager, packages, prisma }),
  }
}

function merged(read: readonly ProgramVariable[], url: ProgramVariable): ProgramVariable[] {
  return read.some(({ key }) => key === url.key) ? [...read] : [...read, url]
}

/** The port that its scripts speak of; Next.js takes 3000. */
function portIn({ manifest: { scripts } }: WorkspacePackage): number {
  const found = /(?:-p|--port)[\s=](\d+)/.exec(`${scripts['dev']} ${scripts['start']}`)?.[1]
  return found === undefined ? 3000 : Number(found)
}
