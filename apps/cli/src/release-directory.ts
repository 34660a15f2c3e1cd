import type { Client } from '@plimsoll/client'
import { contract, type AppView, type Release } from '@plimsoll/model'
import { appIn, directoryIn, type AppOptions } from './app-in.ts'
import { askForMissing } from './ask-for-missing.ts'
import { exitStatusOf, outcomeText } from './outcome-text.ts'
import type { Session } from './session.ts'
import { createPainter } from './screen/painter.ts'
import { watchToEnd } from './watch-release.ts'

export interface ReleaseOptions extends AppOptions {
  readonly file: string
  readonly verbose: boolean
  readonly json: boolean
  /** Seconds to wait for another release of the app. */
  readonly wait?: string
}

/** Releases what `directory` holds, shows it happen, says how it ended, and sets the exit status. */
export async function releaseDirectory({ client, session }: { readonly client: Client; readonly session: Session }, directory: string | undefined, options: ReleaseOptions): Promise<AppView> {
  const root = directoryIn(session, directory)
  const app = appIn(root, options)
  const start = (): Promise<Release> => client.call(contract.startRelease, {
    params: { app }, body: { source: { root, blueprint: options.file }, waitMs: waitMsOf(session, options) },
  }, session.interrupted)
  const paint = createPainter(session.out)
  if (!options.json) session.out.write(`${paint('bold', `Releasing ${app}`)} ${paint('dim', `from ${root}`)}\n`)
  let settled = await watchToEnd({ client, session, release: await start() }, options)
  if (await askForMissing({ client, session }, settled, options)) settled = await watchToEnd({ client, session, release: await start() }, options)
  const view = await client.call(contract.showApp, { params: { app } })
  if (!options.json) session.out.write(outcomeText(settled, view, paint))
  session.exitWith(exitStatusOf(settled))
  return view
}

/** A person at a terminal is told at once that somebody else releases; a pipeline waits its turn. */
function waitMsOf({ out }: Session, { wait }: ReleaseOptions): number {
  if (wait !== undefined) return Math.max(0, Number(wait) * 1000) || 0
  return out.isTTY ? 0 : 15 * 60_000
}
