import type { ServiceName } from '@plimsoll/model'
import { deployRefusal, deploysSince } from './deploy-service.ts'
import { say, type InPlaceContext } from './in-place-context.ts'
import { isSameSource, type Deploy } from './platform.ts'
import { followBack, giveUp } from './take-back.ts'

/** A service that goes back to the deploy `to`. */
export interface GoingBack {
  readonly service: ServiceName
  readonly to: string
  /** What was live before it went back; null where nothing was. */
  readonly from: string | null
  /** The newest deploy before it went back: a rollback after it is its own. */
  readonly after: string | null
}

/** Returns when the service is live with what the deploy `to` has put live, and no push deploys it any more. Twice is one rollback. Throws what became of it in place of that. */
export async function rollServiceBack(context: InPlaceContext, going: GoingBack): Promise<void> {
  const { app, platform, signal } = context
  const { service, to, from } = going
  if (await platform.holdAutoDeploy({ app, service }, signal)) say(context, 'Its auto-deploy is off now: a push would deploy again what is gone back from', service)
  if (to === from) return say(context, 'It runs what it ran then', service)
  const own = (await deploysSince(context, going)).find(({ by }) => by === 'rollback')
  const id = own?.id ?? await platform.rollBack({ app, service, to }, signal)
  say(context, own === undefined ? `Goes back to ${to} (${id})` : `Goes on with ${id}, which goes back to ${to}`, service)
  const end = await platform.follow({ app, service, id, tell: context.output }, signal)
  if (end.is !== 'live') throw deployRefusal(service, id, end)
  say(context, `Is back on ${to}`, service)
}

/**
 * Leaves the service with what was live before it went back. One that did not go back is left alone, and so is one that somebody else
 * has deployed since. Twice leads to the same, and is one more deploy only where the two releases run the same commit: what such
 * a rollback leads to is not shown.
 */
export async function goForward(context: InPlaceContext, going: GoingBack): Promise<void> {
  const { app, platform, signal } = context
  const { service, from } = going
  const isForward = await forwardOf(context, going)
  const underWay = (await deploysSince(context, going)).find(({ by, is }) => by === 'rollback' && is === 'under way')
  if (underWay !== undefined && isForward(underWay)) return followBack(context, { service, to: from }, underWay.id)
  if (underWay !== undefined) await giveUp(context, { service, id: underWay.id })
  const live = (await deploysSince(context, going)).find(({ is }) => is === 'live')
  if (live === undefined || isForward(live)) return
  if (live.by !== 'rollback') return say(context, `Another deploy (${live.id}) has taken its place, and stays`, service)
  if (from === null) return say(context, 'Nothing was live before, so it runs on', service)
  await followBack(context, { service, to: from }, await platform.rollBack({ app, service, to: from }, signal))
}

/** Tells whether a rollback leads to what was live before, and surely not to what was gone back to. */
async function forwardOf({ app, platform, signal }: InPlaceContext, { service, to, from }: GoingBack): Promise<(deploy: Deploy) => boolean> {
  const all = await platform.deploysAfter({ app, service, after: null }, signal)
  const sourceOf = (wanted: string | null): Deploy['source'] => all.find(({ id }) => id === wanted)?.source ?? null
  const [before, target] = [sourceOf(from), sourceOf(to)]
  return ({ by, source }) => by === 'rollback' && isSameSource(source, before) && !isSameSource(source, target)
}
