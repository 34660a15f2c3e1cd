import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'

const renderProjectSchema = z.looseObject({ id: z.string(), name: z.string(), createdAt: z.string(), environmentIds: z.array(z.string()) })
export type RenderProject = z.infer<typeof renderProjectSchema>
const renderEnvironmentSchema = z.looseObject({ id: z.string(), name: z.string(), projectId: z.string(), protectedStatus: z.enum(['unprotected', 'protected']), networkIsolationEnabled: z.boolean() })
export type RenderEnvironment = z.infer<typeof renderEnvironmentSchema>

export interface RenderEnvironmentSettings {
  readonly protectedStatus?: 'unprotected' | 'protected'
  readonly networkIsolationEnabled?: boolean
}
export interface RenderNewEnvironment extends RenderEnvironmentSettings {
  readonly name: string
  readonly projectId: string
}
export interface RenderNewProject {
  readonly name: string
  readonly ownerId: string
  readonly environments: readonly Omit<RenderNewEnvironment, 'projectId'>[]
}

/** What belongs together in an environment, by the ids of services, databases, key-value services and groups. */
export interface RenderMembers {
  readonly environmentId: string
  readonly resourceIds: readonly string[]
}

/** Projects and their environments. */
export interface RenderEnvironments {
  projects(filter: { readonly ownerId: string }, signal: AbortSignal): Promise<readonly RenderProject[]>
  list(projectId: string, signal: AbortSignal): Promise<readonly RenderEnvironment[]>
  /** A lost answer makes no second one of the same name. */
  createProject(wanted: RenderNewProject, signal: AbortSignal): Promise<RenderProject>
  /** A lost answer makes no second one of the same name. */
  create(wanted: RenderNewEnvironment, signal: AbortSignal): Promise<RenderEnvironment>
  /** Only what is named is changed. */
  update(id: string, change: RenderEnvironmentSettings, signal: AbortSignal): Promise<void>
  /** What is in it already stays in it, and what is in another one moves. */
  add(members: RenderMembers, signal: AbortSignal): Promise<void>
  /** What is taken out of it goes on, and is in no environment then. */
  remove(members: RenderMembers, signal: AbortSignal): Promise<void>
}

const projectEntry = z.object({ cursor: z.string(), project: renderProjectSchema })
const environmentEntry = z.object({ cursor: z.string(), environment: renderEnvironmentSchema })

export function createEnvironments(line: RenderLine, creator: Creator): RenderEnvironments {
  const projects: RenderEnvironments['projects'] = async ({ ownerId }, signal) => (await line.list(projectEntry, { path: '/projects', query: { ownerId: [ownerId] }, to: 'list projects' }, signal)).map(({ project }) => project)
  const list: RenderEnvironments['list'] = async (projectId, signal) => (await line.list(environmentEntry, { path: '/environments', query: { projectId: [projectId] }, to: `list the environments of ${projectId}` }, signal)).map(({ environment }) => environment)
  const membersAt = (environmentId: string): string => pathOf('environments', environmentId, 'resources')
  return {
    projects, list,
    createProject: (wanted, signal) => creator.create<RenderProject, RenderProject>({
      alike: `project ${wanted.ownerId} ${wanted.name}`,
      list: async (until) => (await projects(wanted, until)).filter(({ name }) => name === wanted.name),
      answerOf: (project) => project,
      write: { path: '/projects', to: `create the project ${wanted.name}`, body: wanted, answer: renderProjectSchema, pretended: { id: `${notedPrefix}prj`, name: wanted.name, createdAt: new Date(line.clock.now()).toISOString(), environmentIds: [] } },
    }, signal),
    create: (wanted, signal) => creator.create<RenderEnvironment, RenderEnvironment>({
      alike: `environment ${wanted.projectId} ${wanted.name}`,
      list: async (until) => (await list(wanted.projectId, until)).filter(({ name }) => name === wanted.name),
      answerOf: (environment) => environment,
      write: { path: '/environments', to: `create the environment ${wanted.name}`, body: wanted, answer: renderEnvironmentSchema, pretended: { protectedStatus: 'unprotected', networkIsolationEnabled: false, ...wanted, id: `${notedPrefix}evm` } },
    }, signal),
    async update(id, change, signal) {
      await line.write({ method: 'PATCH', path: pathOf('environments', id), body: change, to: `change the environment ${id}`, answer: z.unknown(), pretended: undefined }, signal)
    },
    async add({ environmentId, resourceIds }, signal) {
      await line.write({ method: 'POST', path: membersAt(environmentId), body: { resourceIds }, to: `add to the environment ${environmentId}`, answer: z.unknown(), pretended: undefined, repeatable: true }, signal)
    },
    async remove({ environmentId, resourceIds }, signal) {
      await line.write({ method: 'DELETE', path: membersAt(environmentId), query: { resourceIds }, lists: 'repeated', to: `take out of the environment ${environmentId}`, answer: z.unknown(), pretended: undefined }, signal)
    },
  }
}
