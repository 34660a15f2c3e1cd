import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'
import type { RenderNewVariable } from './service-schemas.ts'
import { renderVariableSchema, shownValue, shownVariables, type RenderVariableValue } from './variables.ts'

const brief = {
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  createdAt: z.string(),
  environmentId: z.string().optional(),
  serviceLinks: z.array(z.object({ id: z.string(), name: z.string() })),
}
const renderGroupBriefSchema = z.object(brief)
/** An environment group without its variables. */
export type RenderGroupBrief = z.infer<typeof renderGroupBriefSchema>
const renderGroupSchema = z.object({ ...brief, envVars: z.array(renderVariableSchema) })
export type RenderGroup = z.infer<typeof renderGroupSchema>

export interface RenderNewGroup {
  readonly name: string
  readonly ownerId: string
  readonly environmentId?: string
  readonly envVars: readonly RenderNewVariable[]
}

export interface VariableOfGroup {
  readonly groupId: string
  readonly key: string
}

export interface LinkOfGroup {
  readonly groupId: string
  readonly serviceId: string
}

/** Environment groups. */
export interface RenderGroups {
  /** A hundred at most. */
  list(filter: { readonly name?: string; readonly ownerId?: string }, signal: AbortSignal): Promise<readonly RenderGroupBrief[]>
  get(id: string, signal: AbortSignal): Promise<RenderGroup | undefined>
  /** A lost answer makes no second one of the same name. */
  create(wanted: RenderNewGroup, signal: AbortSignal): Promise<RenderGroupBrief>
  put(place: VariableOfGroup, value: RenderVariableValue, signal: AbortSignal): Promise<void>
  /** Deleting what is not there does nothing. */
  delete(place: VariableOfGroup, signal: AbortSignal): Promise<void>
  /** Linking twice is linking once. */
  link(link: LinkOfGroup, signal: AbortSignal): Promise<void>
}

/** The document shows this list without cursors, unlike all others: both forms are understood, and one page of it has to do. */
const entrySchema = z.union([z.object({ envGroup: renderGroupBriefSchema }).transform(({ envGroup }) => envGroup), renderGroupBriefSchema])

export function createGroups(line: RenderLine, creator: Creator): RenderGroups {
  const list: RenderGroups['list'] = ({ name, ownerId }, signal) =>
    line.read(z.array(entrySchema), { path: '/env-groups', query: { name, ownerId, limit: 100 }, to: 'list environment groups' }, signal)
  return {
    list,
    get: (id, signal) => line.find(renderGroupSchema, { path: pathOf('env-groups', id), to: `show the environment group ${id}` }, signal),
    create: (wanted, signal) => creator.create<RenderGroupBrief, RenderGroupBrief>({
      alike: `group ${wanted.ownerId} ${wanted.name}`,
      list: (until) => list({ name: wanted.name, ownerId: wanted.ownerId }, until),
      answerOf: (group) => group,
      write: {
        path: '/env-groups', to: `create the environment group ${wanted.name}`, body: wanted, shown: { ...wanted, envVars: shownVariables(wanted.envVars) }, answer: renderGroupBriefSchema,
        pretended: { id: `${notedPrefix}${wanted.name}`, name: wanted.name, ownerId: wanted.ownerId, createdAt: new Date(line.clock.now()).toISOString(), serviceLinks: [] },
      },
    }, signal),
    async put({ groupId, key }, value, signal) {
      await line.write({ method: 'PUT', path: pathOf('env-groups', groupId, 'env-vars', key), to: `set ${key} of the environment group ${groupId}`, body: value, shown: shownValue(value), answer: z.unknown(), pretended: undefined }, signal)
    },
    async delete({ groupId, key }, signal) {
      await line.write({ method: 'DELETE', path: pathOf('env-groups', groupId, 'env-vars', key), to: `delete ${key} of the environment group ${groupId}`, answer: z.unknown(), pretended: undefined }, signal)
    },
    async link({ groupId, serviceId }, signal) {
      await line.write({ method: 'POST', path: pathOf('env-groups', groupId, 'services', serviceId), to: `link the environment group ${groupId} to ${serviceId}`, answer: z.unknown(), pretended: undefined, repeatable: true }, signal)
    },
  }
}
