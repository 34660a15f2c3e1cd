import type { Answered } from './exchange.ts'
import { pageAs, passes } from './exchange.ts'
import { iso, type DeployStatus, type FakeDeploy, type FakeService, type Fate, type World } from './world.ts'

/** One step of a deploy from a status to another. */
export interface Turn {
  readonly world: World
  readonly service: FakeService
  readonly deploy: FakeDeploy
  readonly from: DeployStatus
  readonly to: DeployStatus
  readonly at: number
}

const reasons: Readonly<Record<Fate, (deploy: FakeDeploy) => object>> = {
  'build fails': ({ id }) => ({ buildFailed: { id: `bld-${id}` }, failure: { evicted: false, nonZeroExit: 1 } }),
  'pre-deploy fails': () => ({ failure: { evicted: false, nonZeroExit: 1 } }),
  'never healthy': () => ({ failure: { evicted: false, unhealthy: 'HTTP health check failed (timed out after 5 seconds)' } }),
  superseded: ({ id }) => ({ newDeploy: { id } }),
}

/** What Render tells of it. */
export function tellTurn({ world, service, deploy, from, to, at }: Turn): void {
  const build = { buildId: `bld-${deploy.id}` }
  const command = { deployId: deploy.id, deployCommandExecutionId: `dce-${deploy.id}` }
  const isOver = ['live', 'build_failed', 'pre_deploy_failed', 'update_failed', 'canceled'].includes(to)
  const ended = to.endsWith('_failed') ? 'failed' : to === 'canceled' ? 'canceled' : 'succeeded'
  const status = ['succeeded', 'failed', 'canceled'].indexOf(ended) + 2
  const reason = isOver && to !== 'live' && deploy.fate !== undefined ? reasons[deploy.fate](deploy) : {}
  const say = (type: string, details: object) => void world.events.push({ id: world.newId('evt'), serviceId: service.id, at, type, details })
  if (from === 'build_in_progress') say('build_ended', { ...build, buildStatus: ended, status, reason })
  if (from === 'pre_deploy_in_progress') say('pre_deploy_ended', { ...command, preDeployStatus: ended, status, reason })
  if (from === 'created') say('deploy_started', { deployId: deploy.id, trigger: triggerOf(deploy) })
  if (to === 'build_in_progress') say('build_started', { ...build, trigger: triggerOf(deploy) })
  if (to === 'pre_deploy_in_progress') say('pre_deploy_started', command)
  if (isOver) say('deploy_ended', { deployId: deploy.id, deployStatus: ended, status, reason })
}

function triggerOf({ trigger, commit }: FakeDeploy): object {
  const newCommit = trigger === 'new_commit' && commit !== undefined ? { newCommit: commit } : {}
  return { firstBuild: false, envUpdated: false, manual: trigger === 'manual', deployedByRender: false, clearCache: false, rollback: trigger === 'rollback', ...newCommit }
}

/** Newest first. */
export function eventsOf({ events, clock }: World, service: FakeService, query: URLSearchParams): Answered {
  const moment = (key: string, otherwise: number) => (query.has(key) ? Date.parse(query.get(key) ?? '') : otherwise)
  const from = moment('startTime', 0)
  const to = moment('endTime', clock.now())
  const found = events.filter(({ serviceId, type, at }) => serviceId === service.id && at >= from && at <= to && passes(query, 'type', type)).toReversed()
  return pageAs(found, query, ({ id, at, type, details }) => ({ event: { id, timestamp: iso(at), serviceId: service.id, type, details } }))
}
