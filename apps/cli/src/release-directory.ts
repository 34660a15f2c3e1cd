import type { Client } from '@plimsoll/client'
import { contract, isWatching, type AppView, type Release } from '@plimsoll/model'
import { appIn, directoryIn, type AppOptions } from './app-in.ts'
import { askForMissing } from './ask-for-missing.ts'
import { ensureApi } from './connect.ts'
import { countIn, durationIn } from './number-in.ts'
import { sayOutcome, sayWatchEnd } from './say-outcome.ts'
import { fit } from './screen/fit.ts'
import type { Session } from './session.ts'
import { createPainter } from './screen/painter.ts'
import { stayForWatch } from './stay-for-watch.ts'
import { watchToEnd } from './watch-release.ts'

export interface ReleaseOptions extends AppOptions {
  readonly file: string
  readonly verbose: boolean
  readonly json: boolean
  /** Seconds to wait for another release of the app. */
  readonly wait?: string
  /** How long to watch it once it is live. */
  readonly watch?: string
  readonly stay: boolean
}

/** Starts Plimsoll if need be, releases what `directory` holds, shows it happen, says how it ended, and sets the exit status. */
export async function releaseDirectory(session: Session, directory: string | undefined, options: ReleaseOptions): Promise<{ readonly app: AppView; readonly client: Client }> {
  const root = directoryIn(session, directory)
  const app = appIn(root, options)
  const waitMs = waitMsOf(session, options)
  const watch = options.watch === undefined ? {} : { watchMs: durationIn(options.watch, '--watch') }
  const client = await ensureApi(session)
  const start = (): Promise<Release> => client.call(contract.startRelease, {
    params: { app }, body: { source: { root, blueprint: options.file }, waitMs, ...watch },
  }, session.interrupted)
  const paint = createPainter(session.out)
  if (!options.json) session.out.write(fit(`${paint('bold', `Releasing ${app}`)} ${paint('dim', `from ${root}`)}\n`, session.out.columns))
  let settled = await watchToEnd({ client, session, release: await start() }, options)
  if (await askForMissing({ client, session }, settled, options)) settled = await watchToEnd({ client, session, release: await start() }, options)
  let view = await client.call(contract.showApp, { params: { app } })
  sayOutcome(session, { release: settled, app: view }, options)
  if (options.stay && isWatching(settled.watch)) {
    settled = await stayForWatch({ client, session, release: settled }, options)
    view = await client.call(contract.showApp, { params: { app } })
    sayWatchEnd(session, settled, options)
  }
  return { app: view, client }
}

/** A person at a terminal is told at once that somebody else releases; a pipeline waits its turn. */
function waitMsOf({ out }: Session, { wait }: ReleaseOptions): number {
  if (wait !== undefined) return countIn(wait, '--wait') * 1000
  return out.isTTY ? 0 : 15 * 60_000
}
