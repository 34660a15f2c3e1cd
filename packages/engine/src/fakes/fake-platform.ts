import { PlimsollError, serviceNameSchema, type LogLine, type ServiceName } from '@plimsoll/model'
import type { Change } from '../in-place/change.ts'
import type { Deploy, DeployEnd, DeploySource, LogsThere, Platform, Prepared, Stand, Survey, WantedThere } from '../in-place/platform.ts'
import { createFaults, type Faults } from './faults.ts'

type Verb = 'survey' | 'apply' | 'stands' | 'deploysAfter' | 'begin' | 'follow' | 'cancel' | 'rollBack' | 'holdAutoDeploy'

/** What is there, apart from the objects that look at it: share one between two platforms and both see the same. */
export interface FakeWorkspace {
  /** By the service's name. */
  readonly services: Map<string, FakeService>
  nextDeploy: number
  /** What instances have printed, oldest first. */
  readonly printed: LogLine[]
}

export interface FakeService {
  readonly variables: Map<string, string>
  /** Newest first. */
  deploys: Deploy[]
  autoDeploy: boolean
}

export interface FakePlatform extends Platform, Pick<Faults<Verb>, 'failNext'> {
  readonly workspace: FakeWorkspace
  /** What somebody else does: it goes live at once. */
  deployByHand(service: string, source: DeploySource): void
}

export interface FakePlatformOptions {
  readonly workspace?: FakeWorkspace
  /** What becomes of a deploy; it goes live unless this says otherwise. */
  readonly becomes?: (service: ServiceName, deploy: Deploy) => DeployEnd | undefined
}

export function fakeWorkspace(): FakeWorkspace {
  return { services: new Map(), nextDeploy: 1, printed: [] }
}

/** A platform in memory. The text of its Blueprints is JSON: service → KEY → value; `KEY: "@other"` refers to another service. */
export function fakePlatform({ workspace = fakeWorkspace(), becomes = () => undefined }: FakePlatformOptions = {}): FakePlatform {
  const faults = createFaults<Verb>()
  return {
    name: 'render', workspace, failNext: faults.failNext,
    cannot: ['It switches one service after the other, and not all in one instant'],
    rollBackLeaves: ['It leaves disks as they are'],
    ...looking(workspace, faults), ...deploying({ workspace, becomes }, faults), ...goingBack(workspace, faults), logs: (request, signal) => logsOf(workspace, request, signal),
    deployByHand(service, source) {
      put(thereIn(workspace, service), add(workspace, service, { source, by: 'other' }), 'live')
    },
  }
}

function looking(workspace: FakeWorkspace, { run }: Faults<Verb>): Pick<Platform, 'survey' | 'apply' | 'stands' | 'deploysAfter'> {
  const { services } = workspace
  return {
    survey: (wanted) => run('survey', () => surveyOf(workspace, wanted)),
    apply: (prepared) => run('apply', () => makeChange(workspace, prepared)),
    stands: (_app, names) => run('stands', () => Object.fromEntries(names.flatMap((name) => {
      const found = services.get(name)
      return found === undefined ? [] : [[name, standOf(name, found)]]
    }))),
    deploysAfter: ({ service, after }) => run('deploysAfter', () => {
      const deploys = services.get(service)?.deploys ?? []
      const mark = deploys.findIndex(({ id }) => id === after)
      return mark < 0 ? deploys : deploys.slice(0, mark)
    }),
  }
}

function deploying({ workspace, becomes }: Required<FakePlatformOptions>, { run }: Faults<Verb>): Pick<Platform, 'begin' | 'follow'> {
  const end = (service: ServiceName, id: string): DeployEnd => {
    const deploy = thereIn(workspace, service).deploys.find((each) => each.id === id)
    if (deploy === undefined) throw new PlimsollError('NOT_FOUND', `There is no deploy ${id}`)
    if (deploy.is !== 'under way') return endOf(deploy)
    const ended = becomes(service, deploy) ?? { is: 'live' }
    put(thereIn(workspace, service), id, ended.is)
    return ended
  }
  return {
    begin: ({ service, source }) => run('begin', () => add(workspace, service, { source, by: 'asked' })),
    follow: ({ service, id, tell }, signal) => run('follow', () => {
      signal.throwIfAborted()
      const ended = end(service, id)
      tell(line(service, `${id} is ${ended.is}`))
      return ended
    }),
  }
}

function goingBack(workspace: FakeWorkspace, { run }: Faults<Verb>): Pick<Platform, 'cancel' | 'rollBack' | 'holdAutoDeploy'> {
  return {
    cancel: ({ service, id }) => run('cancel', () => {
      const found = thereIn(workspace, service)
      if (found.deploys.some((each) => each.id === id && each.is === 'under way')) put(found, id, 'canceled')
    }),
    rollBack: ({ service, to }) => run('rollBack', () => {
      const target = thereIn(workspace, service).deploys.find(({ id }) => id === to)
      if (target === undefined) throw new PlimsollError('NOTHING_TO_ROLL_BACK', `The deploy ${to} is kept no more`)
      return add(workspace, service, { source: target.source, by: 'rollback' })
    }),
    holdAutoDeploy: ({ service }) => run('holdAutoDeploy', () => {
      const found = workspace.services.get(service)
      const was = found?.autoDeploy ?? false
      if (found !== undefined) found.autoDeploy = false
      return was
    }),
  }
}

async function* logsOf({ services, printed }: FakeWorkspace, { services: wanted, tail, follow }: LogsThere, signal: AbortSignal): AsyncGenerator<LogLine, void> {
  const fitting = (from: number): LogLine[] => printed.slice(from).filter(({ service }) => wanted.includes(service) && services.has(service))
  let told = printed.length
  if (tail > 0) yield* fitting(0).slice(-tail)
  while (follow && !signal.aborted) {
    const from = told
    told = printed.length
    yield* fitting(from)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function thereIn({ services }: FakeWorkspace, service: string): FakeService {
  const found = services.get(service)
  if (found === undefined) throw new PlimsollError('NOT_FOUND', `There is no service "${service}"`)
  return found
}

function add(workspace: FakeWorkspace, service: string, deploy: Pick<Deploy, 'source' | 'by'>): string {
  const id = `dep-${workspace.nextDeploy++}`
  thereIn(workspace, service).deploys.unshift({ id, is: 'under way', ...deploy })
  return id
}

function standOf(name: string, { deploys }: FakeService): Stand {
  const live = deploys.find(({ is }) => is === 'live')
  return { live: live === undefined ? null : { id: live.id, source: live.source, by: live.by }, newest: deploys[0]?.id ?? null, url: `https://${name}.test`, instances: live === undefined ? [] : [{ id: `${name}-1`, startedAt: '2026-01-01T00:00:00.000Z' }] }
}

/** Of what is live there is one. */
function put(service: FakeService, id: string, is: Deploy['is']): void {
  service.deploys = service.deploys.map((deploy) => {
    if (deploy.id === id) return { ...deploy, is }
    return is === 'live' && deploy.is === 'live' ? { ...deploy, is: 'replaced' } : deploy
  })
}

function endOf({ is }: Deploy): DeployEnd {
  if (is === 'failed') return { is, during: 'start', log: [] }
  return is === 'under way' ? { is: 'canceled' } : { is }
}

type Variables = Readonly<Record<string, Readonly<Record<string, string>>>>

function surveyOf({ services }: FakeWorkspace, { blueprint }: WantedThere): Survey {
  const wanted = JSON.parse(blueprint) as Variables
  const changes = Object.entries(wanted).flatMap(([name, variables]): Prepared[] => {
    const found = services.get(name)
    if (found === undefined) return [{ change: creating(name, wanted), making: {} }]
    const known = Object.entries(variables).flatMap(([key, value]) => (!value.startsWith('@') ? [[key, value] as const] : services.has(value.slice(1)) ? [[key, `host of ${value.slice(1)}`] as const] : []))
    const differ = known.filter(([key, value]) => found.variables.get(key) !== value)
    return differ.map(([key, value]) => ({ change: { is: found.variables.has(key) ? 'update' : 'create', what: 'variable', name, fields: [key], services: [name] }, making: { [key]: value } }))
  })
  const environments = Object.entries(wanted).map(([name, variables]) => [name, Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, { value, origin: 'value', secret: false }]))] as const)
  return { changes, left: [], environments: Object.fromEntries(environments) }
}

function creating(name: string, wanted: Variables): Change {
  const referring = Object.entries(wanted).flatMap(([service, variables]) => (Object.values(variables).includes(`@${name}`) ? [service] : []))
  return { is: 'create', what: 'service', name, fields: [], services: [name, ...referring.filter((each) => each !== name)] }
}

function makeChange({ services }: FakeWorkspace, { change: { what, name }, making }: Prepared): void {
  const found = services.get(name) ?? { variables: new Map<string, string>(), deploys: [], autoDeploy: true }
  services.set(name, found)
  if (what === 'variable') for (const [key, value] of Object.entries(making as Record<string, string>)) found.variables.set(key, value)
}

function line(service: ServiceName, text: string): LogLine {
  return { at: '2026-01-01T00:00:00.000Z', service: serviceNameSchema.parse(service), stream: 'build', text }
}
