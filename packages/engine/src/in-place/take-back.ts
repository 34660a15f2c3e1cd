import { PlimsollError } from '@plimsoll/model'
import { deploysSince, ownIn, type OwnDeploy } from './deploy-service.ts'
import { say, type InPlaceContext } from './in-place-context.ts'
import type { OneDeploy } from './platform.ts'

/** A deploy of a release that is taken back, and what was live before it. */
export interface TakenBack extends OwnDeploy {
  readonly to: string | null
}

/**
 * Leaves the service with what was live before its deploy of this release, and no push deploys it any more. A service that this release
 * did not deploy is left alone, and so is one that somebody else has deployed since. Twice is once.
 */
export async function takeBack(context: InPlaceContext, taken: TakenBack): Promise<void> {
  const { app, platform, signal } = context
  const { service } = taken
  const own = ownIn(await deploysSince(context, taken), taken)
  if (own === undefined) return
  if (await platform.holdAutoDeploy({ app, service }, signal)) say(context, 'Its auto-deploy is off now: a push would deploy again what was taken back', service)
  if (own.is === 'under way') await giveUp(context, { service, id: own.id })
  await goBack(context, taken)
}

/** Returns when a deploy goes on no more. */
export async function giveUp(context: InPlaceContext, { service, id }: Pick<OneDeploy, 'service' | 'id'>): Promise<void> {
  const { app, platform, signal, output } = context
  await platform.cancel({ app, service, id }, signal)
  // It may have gone live before it was told to stop.
  await platform.follow({ app, service, id, tell: output }, signal)
}

async function goBack(context: InPlaceContext, taken: TakenBack): Promise<void> {
  const { app, platform, signal } = context
  const { service, to } = taken
  const since = await deploysSince(context, taken)
  const going = since.find(({ by, is }) => by === 'rollback' && is === 'under way')
  if (going !== undefined) return followBack(context, taken, going.id)
  const live = since.find(({ is }) => is === 'live')
  // What was live before is live still, or again.
  if (live === undefined || live.by === 'rollback') return
  if (ownIn([live], taken) === undefined) return say(context, `Another deploy (${live.id}) has taken the place of this release’s, and stays`, service)
  if (to === null) return say(context, 'There is nothing to go back to: this release was its first, and it runs on', service)
  await followBack(context, taken, await platform.rollBack({ app, service, to }, signal))
}

/** Waits until the rollback `id` is live. Throws `NEEDS_ATTENTION` when it is not: nothing else puts live again what was. */
export async function followBack(context: InPlaceContext, { service, to }: Pick<TakenBack, 'service' | 'to'>, id: string): Promise<void> {
  const { app, platform, signal, output } = context
  say(context, `Goes back to ${to ?? 'what was live'} (${id})`, service)
  const end = await platform.follow({ app, service, id, tell: output }, signal)
  if (end.is === 'live') return say(context, 'Is back on what was live before', service)
  throw new PlimsollError('NEEDS_ATTENTION', `${service} could not go back to ${to ?? 'what was live'}: the rollback ${id} ${end.is === 'failed' ? 'failed' : `was ${end.is}`}, so it may still run what was taken back`, {
    hint: 'See where it is deployed what it runs, and roll it back there; or release what is to run.', details: { service, deploy: id, ...(end.is === 'failed' && { log: [...end.log] }) },
  })
}
