import { PlimsollError, type ErrorCode, type ServiceName } from '@plimsoll/model'
import { say, type InPlaceContext } from './in-place-context.ts'
import { isSameSource, type Deploy, type DeployEnd, type DeploySource } from './platform.ts'

/** A deploy that belongs to a release: it was asked for after the mark, for what the release runs. */
export interface OwnDeploy {
  readonly service: ServiceName
  readonly source: DeploySource
  /** The newest deploy before any of this release. */
  readonly after: string | null
}

/** Returns when the service is live with `source`. Twice is one deploy. Throws what became of it in place of that. */
export async function deployService(context: InPlaceContext, own: OwnDeploy): Promise<void> {
  const { app, platform, signal } = context
  const { service, source } = own
  const found = ownIn(await deploysSince(context, own), own)
  const id = found?.id ?? await platform.begin({ app, service, source }, signal)
  say(context, found === undefined ? `Deploys ${sourceText(source)} (${id})` : `Goes on with ${id}, which deploys ${sourceText(source)}`, service)
  const end = await platform.follow({ app, service, id, tell: context.output }, signal)
  if (end.is !== 'live') throw deployRefusal(service, id, end)
  await assertRuns(context, own, id)
  say(context, `Is live with ${sourceText(source)}`, service)
}

/** A platform may deploy what a branch holds when it is asked for a commit: what is live is looked at, and not what was asked for. */
async function assertRuns(context: InPlaceContext, own: OwnDeploy, id: string): Promise<void> {
  const runs = (await deploysSince(context, own)).find((deploy) => deploy.id === id)?.source ?? null
  if (runs === null || isSameSource(runs, own.source)) return
  throw new PlimsollError('PLACE_CANNOT', `${own.service} is live with ${sourceText(runs)} and not with ${sourceText(own.source)}, which was asked for (deploy ${id})`, {
    hint: 'Push what you release to the branch that is deployed there, and release again.', details: { service: own.service, deploy: id },
  })
}

export function deploysSince({ app, platform, signal }: InPlaceContext, { service, after }: Pick<OwnDeploy, 'service' | 'after'>): Promise<readonly Deploy[]> {
  return platform.deploysAfter({ app, service, after }, signal)
}

/** The newest of `deploys` that was asked for to run this, or does not say yet what it runs. */
export function ownIn(deploys: readonly Deploy[], { source }: Pick<OwnDeploy, 'source'>): Deploy | undefined {
  return deploys.find((deploy) => wasOwn(deploy, source))
}

export function wasOwn(deploy: Deploy, source: DeploySource): boolean {
  return deploy.by === 'asked' && (deploy.source === null || isSameSource(deploy.source, source))
}

export function sourceText(source: DeploySource): string {
  return 'commit' in source ? source.commit.slice(0, 7) : source.image
}

const failures = {
  build: { code: 'BUILD_FAILED', what: 'could not be built' },
  'pre-deploy': { code: 'MIGRATION_FAILED', what: 'was built, and its preDeployCommand failed' },
  start: { code: 'CANDIDATE_UNHEALTHY', what: 'was built, and did not become healthy' },
} as const satisfies Record<string, { readonly code: ErrorCode; readonly what: string }>

/** What became of a deploy that is not live. */
export function deployRefusal(service: ServiceName, id: string, end: Exclude<DeployEnd, { is: 'live' }>): PlimsollError {
  if (end.is === 'failed') {
    const { code, what } = failures[end.during]
    return new PlimsollError(code, `${service} ${what} (deploy ${id})${end.because === undefined ? '' : `: ${end.because}`}`, { hint: 'Those that were deployed before it go back to what was live.', details: { service, deploy: id, log: [...end.log] } })
  }
  const what = end.is === 'canceled' ? 'was canceled, or skipped for a newer one' : 'was live until another deploy took its place'
  return new PlimsollError('CHANGED_MEANWHILE', `Deploy ${id} of ${service} ${what}: somebody else deploys there too`, {
    hint: 'See who has deployed it, and release again.', details: { service, deploy: id },
  })
}
