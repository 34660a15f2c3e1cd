import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlimsollError, type AppName } from '@plimsoll/model'
import type { CronKeeper } from '../keep-crons.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import { placed, type Services } from '../services.ts'
import { dropArtifacts } from '../tidy.ts'
import { takeDown } from '../use-cases/take-down.ts'

export interface EndingPreview {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly crons: Pick<CronKeeper, 'end'>
}

/** How long a release that is being taken back may take to end, before the end is tried again later. */
const waitMs = 120_000

/**
 * Removes a preview with all that it has: what serves, its units, databases, key-value data, disks, artifacts that nobody else needs, sources, logs, values, ports and releases. An app that is no preview is not touched, whatever its
 * name. Each step can be done again, and the record goes last: killed anywhere, it is ended by whoever calls this next. Twice is once. Throws what a place does that does not answer; nothing is forgotten then.
 */
export async function endPreview(parts: EndingPreview, app: AppName, signal: AbortSignal): Promise<void> {
  const { services, runner } = parts
  const { store } = services
  if ((await store.previews.find(app)) === undefined) return
  await store.previews.beginEnd(app)
  const underWay = runner.underWay(app)
  if (underWay !== undefined) runner.interrupt(app, underWay.number)
  await untilEnded(runner, app, AbortSignal.any([signal, AbortSignal.timeout(waitMs)]))
  if ((await store.apps.find(app)) !== undefined) {
    await takeDown(parts, { app, destroyData: true }, signal).catch(unlessNeverReleased)
    await dropArtifacts(services, app, signal)
    await (await placed(services, app)).forget(app)
  }
  await rm(join(services.sources, app), { recursive: true, force: true })
  await store.apps.remove(app)
  await store.previews.remove(app)
}

async function untilEnded(runner: ReleaseRunner, app: AppName, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const given = Promise.withResolvers<never>()
  const giveUp = (): void => given.reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await Promise.race([runner.ended(app), given.promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** An app whose first release never began has nothing that runs, and nothing that was made for it. */
function unlessNeverReleased(error: unknown): void {
  if (!isPlimsollError(error) || error.code !== 'NOT_FOUND') throw error
}
