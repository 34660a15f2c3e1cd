import { resolve } from 'node:path'
import type { Client } from '@plimsoll/client'
import { contract, isWatching, type AppView, type CanaryStep, type DriverName, type ImageSet, type Release } from '@plimsoll/model'
import { appIn, directoryIn, type AppOptions } from './app-in.ts'
import { askForMissing } from './ask-for-missing.ts'
import { ensureApi } from './connect.ts'
import { inTurn, waitMsOf, type WaitOptions } from './in-turn.ts'
import { readImageSet, readImages } from './image-set-file.ts'
import { durationIn, sharesIn } from './number-in.ts'
import { sayOutcome, sayWatchEnd } from './say-outcome.ts'
import { fit } from './screen/fit.ts'
import type { Session } from './session.ts'
import { createPainter } from './screen/painter.ts'
import { sourceFor } from './send-source.ts'
import { stayForWatch } from './stay-for-watch.ts'
import { watchToEnd } from './watch-release.ts'

export interface ReleaseOptions extends AppOptions, WaitOptions {
  readonly file: string
  readonly verbose: boolean
  readonly json: boolean
  /** How long to watch it once it is live. */
  readonly watch?: string
  readonly stay: boolean
  /** Shares of the visitors, one step each. */
  readonly canary?: string
  readonly canaryFor?: string
  readonly pause: boolean
  /** Why it is not proven in a throw-away copy first. */
  readonly skipVerify?: string | undefined
  /** `service=reference`, one each. */
  readonly image?: readonly string[]
  /** A file with a set of them. */
  readonly images?: string
  /** The driver of the place. */
  readonly on?: DriverName
  /** Whether it answers to the custom domains of the Blueprint; as before unless given. */
  readonly domains?: boolean
  /** What the place's own variables are, by the keys under which they are kept. */
  readonly values?: Readonly<Record<string, string>>
}

/** The same as it is typed: with the name of a place, or of a driver. */
export type TypedRelease = Omit<ReleaseOptions, 'on' | 'domains' | 'values'> & { readonly on?: string }

/** Starts Plimsoll if need be, releases what `directory` holds, shows it happen, says how it ended, and sets the exit status. */
export async function releaseDirectory(session: Session, directory: string | undefined, options: ReleaseOptions): Promise<{ readonly app: AppView; readonly client: Client }> {
  const root = directoryIn(session, directory)
  const app = appIn(root, options)
  const waitMs = waitMsOf(session, options)
  const care = careIn(options)
  const given = await givenImages(session, options)
  const client = await ensureApi(session)
  if (options.values !== undefined && Object.keys(options.values).length > 0) await client.call(contract.setValues, { params: { app }, body: { values: options.values } }, session.interrupted)
  const source = await sourceFor({ client, session }, { app, root, blueprint: options.file })
  const start = (): Promise<Release> => inTurn({ client, session, app, waitMs }, () => client.call(contract.startRelease, {
    params: { app }, body: { source, ...(options.on !== undefined && { on: options.on }), ...(options.domains !== undefined && { domains: options.domains }), ...care, ...given },
  }, session.interrupted))
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

/** How it is tried and watched, as far as the command says. */
function careIn({ watch, canary, canaryFor, pause, skipVerify }: ReleaseOptions): { readonly watchMs?: number; readonly canary?: CanaryStep[]; readonly pause?: true; readonly skipVerify?: string } {
  const forMs = durationIn(canaryFor ?? '1m', '--canary-for')
  return {
    ...(watch !== undefined && { watchMs: durationIn(watch, '--watch') }),
    ...(pause && { pause }),
    ...(skipVerify !== undefined && { skipVerify }),
    ...(canary !== undefined && { canary: sharesIn(canary).map((share) => ({ share, forMs })) }),
  }
}

/** What it is to run in place of what it would build. */
async function givenImages({ directory }: Session, { image, images }: ReleaseOptions): Promise<{ readonly images?: Record<string, string>; readonly imageSet?: ImageSet }> {
  return {
    ...(image !== undefined && { images: readImages(image) }),
    ...(images !== undefined && { imageSet: await readImageSet(resolve(directory, images)) }),
  }
}
