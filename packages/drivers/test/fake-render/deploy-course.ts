import { tellTurn } from './service-events.ts'
import { iso, type DeployStatus, type FakeDeploy, type FakeService, type Fate, type Trigger, type World } from './world.ts'

export interface DeployWish {
  readonly trigger: Trigger
  readonly commit?: string | undefined
  readonly image?: string | undefined
  /** For a rollback: what is deployed is there already, and its variables are those of then. */
  readonly environment?: Readonly<Record<string, string>>
}

const inProgress: readonly DeployStatus[] = ['created', 'build_in_progress', 'pre_deploy_in_progress', 'update_in_progress']

export function isInProgress({ status }: FakeDeploy): boolean {
  return inProgress.includes(status)
}

/** Starts a deploy; or, when one is in progress, queues it, and skips what is queued already. */
export function orderDeploy(world: World, service: FakeService, wish: DeployWish): FakeDeploy {
  const now = world.clock.now()
  const running = service.deploys.find(isInProgress)
  if (running !== undefined && world.overlap === 'override') end({ world, service, deploy: running }, 'canceled', now)
  const waits = running !== undefined && world.overlap === 'wait'
  for (const queued of service.deploys.filter(({ status }) => status === 'queued')) end({ world, service, deploy: queued }, 'canceled', now)
  const deploy: FakeDeploy = {
    id: world.newId('dep'), trigger: wish.trigger, fate: service.fates.shift(), createdAt: now, updatedAt: now, startedAt: undefined, finishedAt: undefined,
    status: waits ? 'queued' : 'created', due: waits ? Infinity : now + world.paces.created, environment: wish.environment ?? {},
    image: wish.image ?? imageOf(service), commit: imageOf(service) === undefined ? (wish.commit ?? service.newestCommit) : undefined,
  }
  service.deploys.push(deploy)
  return deploy
}

/** What was made when a service's branch got a commit: nothing where it does not deploy by itself. */
export function pushCommit(world: World, service: FakeService, commit: string): FakeDeploy | undefined {
  service.newestCommit = commit
  return service.record['autoDeploy'] === 'yes' ? orderDeploy(world, service, { trigger: 'new_commit', commit }) : undefined
}

export function cancelDeploy(world: World, service: FakeService, deploy: FakeDeploy): void {
  end({ world, service, deploy }, 'canceled', world.clock.now())
  startQueued(world, service, world.clock.now())
}

/** Lets happen to all deploys what was due by now, in the order in which it was due. */
export function settleDeploys(world: World): void {
  const now = world.clock.now()
  for (const service of world.services) {
    for (let next = nextDue(service); next !== undefined && next.due <= now; next = nextDue(service)) step({ world, service, deploy: next }, next.due)
  }
}

interface Place {
  readonly world: World
  readonly service: FakeService
  readonly deploy: FakeDeploy
}

function nextDue(service: FakeService): FakeDeploy | undefined {
  return service.deploys.toSorted((a, b) => a.due - b.due)[0]
}

function step(place: Place, at: number): void {
  const { deploy, world, service } = place
  if (deploy.status === 'live') return become(place, { status: 'deactivated', at, lastsMs: Infinity })
  const wentWrong = failureOf(deploy)
  if (wentWrong !== undefined) {
    end(place, wentWrong, at)
    if (deploy.fate === 'superseded') orderDeploy(world, service, { trigger: 'manual' })
    return startQueued(world, service, at)
  }
  const phases = phasesOf(place)
  const next = phases[phases.findIndex(({ status }) => status === deploy.status) + 1]
  if (next === undefined) return goLive(place, at)
  if (deploy.startedAt === undefined) begin(place, at)
  become(place, { ...next, at })
  note(place, { at, type: next.status === 'build_in_progress' ? 'build' : 'app', message: `==> ${next.status}` })
}

const endings: readonly (readonly [Fate, DeployStatus, DeployStatus])[] = [
  ['build fails', 'build_in_progress', 'build_failed'],
  ['pre-deploy fails', 'pre_deploy_in_progress', 'pre_deploy_failed'],
  ['never healthy', 'update_in_progress', 'update_failed'],
  ['superseded', 'build_in_progress', 'canceled'],
]

function failureOf({ fate, status }: FakeDeploy): DeployStatus | undefined {
  return endings.find(([one, during]) => one === fate && during === status)?.[2]
}

/** Only what is built here has a build, and only what has a pre-deploy command runs one. */
function phasesOf({ world: { paces }, service, deploy }: Place): readonly { readonly status: DeployStatus; readonly lastsMs: number }[] {
  const { envSpecificDetails } = service.details
  const hasPreDeploy = typeof envSpecificDetails === 'object' && envSpecificDetails !== null && 'preDeployCommand' in envSpecificDetails
  const isMade = deploy.trigger === 'rollback' || deploy.image !== undefined
  return [
    { status: 'created', lastsMs: paces.created },
    ...(isMade ? [] : [{ status: 'build_in_progress', lastsMs: paces.build } as const]),
    ...(hasPreDeploy ? [{ status: 'pre_deploy_in_progress', lastsMs: paces.preDeploy } as const] : []),
    { status: 'update_in_progress', lastsMs: deploy.fate === 'never healthy' ? paces.healthPatience : paces.update },
  ]
}

function begin({ world, service, deploy }: Place, at: number): void {
  deploy.startedAt = at
  if (deploy.trigger === 'rollback') return
  const groups = world.groups.filter(({ services }) => services.has(service.id)).flatMap(({ variables }) => [...variables])
  deploy.environment = Object.fromEntries([...groups, ...service.variables])
}

function goLive(place: Place, at: number): void {
  const { world, service, deploy } = place
  for (const other of service.deploys) if (other.status === 'live' && other.due === Infinity) other.due = at + world.paces.handOver
  deploy.finishedAt = at
  become(place, { status: 'live', at, lastsMs: Infinity })
  note(place, { at, type: 'app', message: '==> Your service is live' })
  startQueued(world, service, at)
}

function end(place: Place, status: DeployStatus, at: number): void {
  place.deploy.finishedAt = at
  become(place, { status, at, lastsMs: Infinity })
  note(place, { at, type: 'build', message: `==> ${status}` })
}

function startQueued({ paces }: World, service: FakeService, at: number): void {
  const queued = service.deploys.find(({ status }) => status === 'queued')
  if (queued === undefined || service.deploys.some(isInProgress)) return
  Object.assign(queued, { status: 'created', updatedAt: at, due: at + paces.created })
}

function become(place: Place, { status, at, lastsMs }: { readonly status: DeployStatus; readonly at: number; readonly lastsMs: number }): void {
  tellTurn({ ...place, from: place.deploy.status, to: status, at })
  Object.assign(place.deploy, { status, updatedAt: at, due: at + lastsMs })
}

function note({ world, service, deploy }: Place, line: { readonly at: number; readonly type: 'app' | 'build'; readonly message: string }): void {
  world.logs.push({ ...line, id: world.newId('log'), resource: service.id, message: `${line.message} (${deploy.id})` })
}

function imageOf({ record }: FakeService): string | undefined {
  return typeof record['imagePath'] === 'string' ? record['imagePath'] : undefined
}

/** As Render answers it. */
export function deployBody({ id, status, trigger, commit, image, createdAt, updatedAt, startedAt, finishedAt }: FakeDeploy): object {
  return {
    id, status, trigger, createdAt: iso(createdAt), updatedAt: iso(updatedAt),
    ...(commit !== undefined && { commit: { id: commit, message: `Commit ${commit}`, createdAt: iso(createdAt) } }),
    ...(image !== undefined && { image: { ref: image, ...(image.includes('@') && { sha: image.slice(image.indexOf('@') + 1) }) } }),
    ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: iso(finishedAt) }),
  }
}
