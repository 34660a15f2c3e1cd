import type { Clock } from '@plimsoll/engine'
import { Refusal } from './exchange.ts'

export type DeployStatus = 'created' | 'queued' | 'build_in_progress' | 'pre_deploy_in_progress' | 'update_in_progress' | 'live' | 'deactivated' | 'build_failed' | 'pre_deploy_failed' | 'update_failed' | 'canceled'
export type Trigger = 'api' | 'manual' | 'new_commit' | 'rollback' | 'service_resumed'

/** What becomes of a deploy that does not go well. `superseded`: somebody else's deploy ends it while it builds. */
export type Fate = 'build fails' | 'pre-deploy fails' | 'never healthy' | 'superseded'

/** Times are in simulated ms since 1970. */
export interface FakeDeploy {
  readonly id: string
  status: DeployStatus
  readonly trigger: Trigger
  readonly commit: string | undefined
  readonly image: string | undefined
  readonly fate: Fate | undefined
  readonly createdAt: number
  updatedAt: number
  startedAt: number | undefined
  finishedAt: number | undefined
  /** What its instances find in their environment; settled when it starts. */
  environment: Readonly<Record<string, string>>
  /** When the next thing happens to it. */
  due: number
}

export interface FakeJob {
  readonly id: string
  readonly startCommand: string
  readonly createdAt: number
}

export interface FakeRun {
  readonly id: string
  status: 'pending' | 'canceled'
}

export interface FakeService {
  readonly id: string
  name: string
  readonly ownerId: string
  readonly type: string
  /** As it is answered, but for its times. */
  record: Readonly<Record<string, unknown>>
  details: Readonly<Record<string, unknown>>
  suspended: boolean
  readonly createdAt: number
  updatedAt: number
  readonly variables: Map<string, string>
  readonly deploys: FakeDeploy[]
  readonly jobs: FakeJob[]
  readonly runs: FakeRun[]
  routes: readonly object[]
  headers: readonly object[]
  readonly domains: FakeDomain[]
  /** Of its next deploys, in this order. */
  readonly fates: Fate[]
  /** The newest commit of its branch. */
  newestCommit: string
}

export interface FakeDomain {
  readonly name: string
  isVerified: boolean
}

export interface FakeProject {
  readonly id: string
  readonly name: string
  readonly ownerId: string
  readonly createdAt: number
}

export interface FakeEnvironment {
  readonly id: string
  readonly name: string
  readonly projectId: string
  settings: Readonly<Record<string, unknown>>
}

export interface FakeGroup {
  readonly id: string
  readonly name: string
  readonly ownerId: string
  readonly createdAt: number
  readonly variables: Map<string, string>
  readonly services: Set<string>
  environmentId: string | undefined
}

export interface FakeStore {
  readonly id: string
  readonly kind: 'postgres' | 'keyValue'
  name: string
  readonly ownerId: string
  readonly password: string
  plan: string
  readonly region: string
  readonly createdAt: number
  options: Readonly<Record<string, unknown>>
}

export interface FakeLogLine {
  readonly id: string
  readonly resource: string
  readonly type: 'app' | 'build'
  readonly at: number
  readonly message: string
  /** What printed it, where that was one of a service's. */
  readonly instance?: string
}

export interface FakeEvent {
  readonly id: string
  readonly serviceId: string
  readonly at: number
  readonly type: string
  readonly details: object
}

/** How long what takes time takes, in simulated ms. */
export interface Paces {
  readonly created: number
  readonly build: number
  readonly preDeploy: number
  readonly update: number
  /** How long a new instance may fail its health check before Render gives the deploy up. */
  readonly healthPatience: number
  /** From the switch until the deploy before it is told to end. */
  readonly handOver: number
  /** Until a queued deploy can be seen in lists. */
  readonly queuedHidden: number
  readonly storeCreating: number
  readonly job: number
}

export interface World {
  readonly clock: Clock
  readonly paces: Paces
  /** What happens to a deploy when another is asked for: it goes on and the other waits, or it ends. */
  readonly overlap: 'wait' | 'override'
  readonly owners: readonly { readonly id: string; readonly name: string }[]
  /** Where people reach a web service or a site. */
  readonly publicUrl: (slug: string) => string
  readonly services: FakeService[]
  readonly groups: FakeGroup[]
  readonly stores: FakeStore[]
  readonly projects: FakeProject[]
  readonly environments: FakeEnvironment[]
  readonly credentials: { readonly id: string; readonly name: string }[]
  readonly logs: FakeLogLine[]
  readonly events: FakeEvent[]
  /** `srv-00000000000000000001`; as long as Render's own. */
  newId(prefix: string): string
}

export const usualPaces: Paces = { created: 2_000, build: 60_000, preDeploy: 10_000, update: 20_000, healthPatience: 15 * 60_000, handOver: 60_000, queuedHidden: 0, storeCreating: 30_000, job: 5_000 }

export function createWorld({ clock, paces, overlap = 'wait', owners = [{ id: 'tea-00000000000000000000', name: 'Acme' }], publicUrl = (slug) => `https://${slug}.onrender.com` }: { readonly clock: Clock; readonly paces?: Partial<Paces>; readonly overlap?: World['overlap'] | undefined; readonly owners?: World['owners']; readonly publicUrl?: World['publicUrl'] }): World {
  let last = 0
  return {
    clock, overlap, owners, publicUrl, paces: { ...usualPaces, ...paces }, services: [], groups: [], stores: [], projects: [], environments: [], credentials: [], logs: [], events: [],
    newId: (prefix) => `${prefix}-${(last += 1).toString(36).padStart(20, '0')}`,
  }
}

export function serviceIn(world: World, id: string | undefined): FakeService {
  const service = world.services.find((each) => each.id === id)
  if (service === undefined) throw new Refusal(404, `service ${id} not found`)
  return service
}

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}
