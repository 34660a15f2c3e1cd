import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'
import type { RenderAllowed } from './service-schemas.ts'

const both = {
  id: z.string(),
  name: z.string(),
  owner: z.object({ id: z.string() }),
  plan: z.string(),
  region: z.string(),
  /** `available` once it can be reached. */
  status: z.string(),
  createdAt: z.string(),
  environmentId: z.string().optional(),
  ipAllowList: z.array(z.looseObject({ cidrBlock: z.string(), description: z.string() })).optional(),
}
const renderPostgresSchema = z.looseObject({
  ...both, databaseName: z.string(), databaseUser: z.string(), version: z.string(), suspended: z.string(), diskSizeGB: z.number().optional(), diskAutoscalingEnabled: z.boolean().optional(), highAvailabilityEnabled: z.boolean().optional(),
  readReplicas: z.array(z.looseObject({ name: z.string() })).optional(),
})
export type RenderPostgres = z.infer<typeof renderPostgresSchema>
const renderKeyValueSchema = z.looseObject({ ...both, options: z.looseObject({ maxmemoryPolicy: z.string().optional() }) })
export type RenderKeyValue = z.infer<typeof renderKeyValueSchema>

const postgresConnectionSchema = z.object({ password: z.string(), internalConnectionString: z.string(), externalConnectionString: z.string() })
export type RenderPostgresConnection = z.infer<typeof postgresConnectionSchema>
const keyValueConnectionSchema = z.object({ internalConnectionString: z.string(), externalConnectionString: z.string() })
export type RenderKeyValueConnection = z.infer<typeof keyValueConnectionSchema>

interface NewStore {
  readonly name: string
  readonly ownerId: string
  readonly plan: string
  readonly region?: string
  readonly environmentId?: string
  readonly ipAllowList?: readonly RenderAllowed[]
}
export interface RenderNewPostgres extends NewStore {
  readonly version: string
  readonly databaseName?: string
  readonly databaseUser?: string
  readonly diskSizeGB?: number
  readonly enableHighAvailability?: boolean
  readonly enableDiskAutoscaling?: boolean
  /** These and no others. */
  readonly readReplicas?: readonly { readonly name: string }[]
}
export interface RenderNewKeyValue extends NewStore {
  readonly maxmemoryPolicy?: string
}
export type RenderPostgresChange = Partial<Pick<RenderNewPostgres, 'name' | 'plan' | 'diskSizeGB' | 'enableHighAvailability' | 'enableDiskAutoscaling' | 'readReplicas' | 'ipAllowList'>>
export type RenderKeyValueChange = Partial<Pick<RenderNewKeyValue, 'name' | 'plan' | 'maxmemoryPolicy' | 'ipAllowList'>>

/** Databases, or key-value services. */
export interface RenderStores<Store, Wanted, Change, Connection> {
  list(filter: { readonly name?: string; readonly ownerId?: string }, signal: AbortSignal): Promise<readonly Store[]>
  get(id: string, signal: AbortSignal): Promise<Store | undefined>
  /** A lost answer makes no second one of the same name. What is made can be reached only once its status is `available`. */
  create(wanted: Wanted, signal: AbortSignal): Promise<Store>
  update(id: string, change: Change, signal: AbortSignal): Promise<Store>
  /** How it is reached, password and all; undefined for what is not there. */
  connection(id: string, signal: AbortSignal): Promise<Connection | undefined>
}

export type RenderDatabases = RenderStores<RenderPostgres, RenderNewPostgres, RenderPostgresChange, RenderPostgresConnection>
export type RenderKeyValues = RenderStores<RenderKeyValue, RenderNewKeyValue, RenderKeyValueChange, RenderKeyValueConnection>

export function createDatabases(line: RenderLine, creator: Creator): RenderDatabases {
  return createStores(line, creator, {
    path: '/postgres', noun: 'database', store: renderPostgresSchema, connection: postgresConnectionSchema,
    entry: z.object({ cursor: z.string(), postgres: renderPostgresSchema }).transform(({ cursor, postgres }) => ({ cursor, store: postgres })),
    pretended: (wish) => ({ ...blank(wish, line.clock.now()), databaseName: wish.databaseName ?? wish.name, databaseUser: wish.databaseUser ?? wish.name, version: wish.version ?? '', suspended: 'not_suspended' }),
  })
}

export function createKeyValues(line: RenderLine, creator: Creator): RenderKeyValues {
  return createStores(line, creator, {
    path: '/key-value', noun: 'key-value service', store: renderKeyValueSchema, connection: keyValueConnectionSchema,
    entry: z.object({ cursor: z.string(), keyValue: renderKeyValueSchema }).transform(({ cursor, keyValue }) => ({ cursor, store: keyValue })),
    pretended: (wish) => ({ ...blank(wish, line.clock.now()), options: { maxmemoryPolicy: wish.maxmemoryPolicy } }),
  })
}

type Wish = NewStore & Partial<Omit<RenderNewPostgres & RenderNewKeyValue, keyof NewStore>>

/** In what databases and key-value services differ. */
interface StoreKind<Store, Connection> {
  readonly path: '/postgres' | '/key-value'
  /** For people. */
  readonly noun: string
  readonly store: z.ZodType<Store>
  readonly connection: z.ZodType<Connection>
  readonly entry: z.ZodType<{ readonly cursor: string; readonly store: Store }>
  /** What one that is not created would be, as far as it is known. */
  readonly pretended: (wish: Wish) => Store
}

function createStores<Store extends { readonly id: string }, Wanted extends NewStore, Change, Connection>(line: RenderLine, creator: Creator, kind: StoreKind<Store, Connection>): RenderStores<Store, Wanted, Change, Connection> {
  const { path, noun } = kind
  const at = (id: string, ...more: readonly string[]) => `${path}${pathOf(id, ...more)}`
  const list: RenderStores<Store, Wanted, Change, Connection>['list'] = async ({ name, ownerId }, signal) => {
    const found = await line.list(kind.entry, { path, query: { name, ownerId }, to: `list what there is of the kind ${noun}` }, signal)
    return found.map(({ store }) => store)
  }
  const get = (id: string, signal: AbortSignal) => line.find(kind.store, { path: at(id), to: `show the ${noun} ${id}` }, signal)
  return {
    list, get,
    create: (wanted, signal) => creator.create<Store, Store>({
      alike: `${noun} ${wanted.ownerId} ${wanted.name}`,
      list: (until) => list({ name: wanted.name, ownerId: wanted.ownerId }, until),
      answerOf: (store) => store,
      write: { path, to: `create the ${noun} ${wanted.name}`, body: wanted, answer: kind.store, pretended: kind.pretended(wanted) },
    }, signal),
    async update(id, change, signal) {
      const current = line.onlyNotes ? await get(id, signal) : undefined
      const pretended = current ?? kind.pretended({ name: id, ownerId: '', plan: '' })
      return line.write({ method: 'PATCH', path: at(id), body: change, to: `change the ${noun} ${id}`, answer: kind.store, pretended }, signal)
    },
    connection: (id, signal) => line.find(kind.connection, { path: at(id, 'connection-info'), to: `tell how the ${noun} ${id} is reached` }, signal),
  }
}

function blank({ name, ownerId, plan, region = '' }: NewStore, now: number) {
  return { id: `${notedPrefix}${name}`, name, owner: { id: ownerId }, plan, region, status: 'creating', createdAt: new Date(now).toISOString() }
}
