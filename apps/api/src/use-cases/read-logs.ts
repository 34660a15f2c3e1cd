import { unitOf } from '@plimsoll/engine'
import { PlimsollError, releaseNumberSchema, type AppName, type LogLine, type ReleaseNumber } from '@plimsoll/model'
import { mergeInOrder } from '../merge-in-order.ts'
import { recallRelease } from '../recall-release.ts'
import { placed, type Services } from '../services.ts'
import { findApp } from './find-app.ts'
import { readLogsInPlace } from './read-logs-in-place.ts'

export interface LogQuery {
  readonly app: AppName
  readonly service: string | undefined
  readonly release: number | undefined
  readonly tail: number
  readonly follow: boolean
}

/** What the instances of a release (the live one unless named) printed, in the order of its times. Throws `NOT_FOUND` for an unknown app, release or service, and `PLACE_CANNOT` for a release other than the live one where a platform keeps what is printed. */
export async function readLogs(services: Services, query: LogQuery, signal: AbortSignal): Promise<AsyncIterable<LogLine>> {
  const { app } = query
  await findApp(services, app)
  const { driver, platform } = await placed(services, app)
  if (platform !== undefined) {
    await learnKept(services, app)
    return redacted(services, await readLogsInPlace(services, { ...query, platform }, signal))
  }
  const release = await wantedRelease(services, query, signal)
  const kept = await recallRelease(services.store, { app, release })
  const printing = kept.specs.filter(({ kind }) => kind !== 'static' && kind !== 'keyvalue')
  const wanted = query.service === undefined ? printing : printing.filter(({ service }) => service === query.service)
  if (wanted.length === 0) {
    throw new PlimsollError('NOT_FOUND', `Release ${release} of ${app} has no service "${query.service ?? ''}" that prints`, { hint: `It has: ${printing.map(({ service }) => service).join(', ')}` })
  }
  await learnKept(services, app)
  const units = wanted.map((spec) => driver.logs({ app, unit: unitOf({ app }, spec, kept), tail: query.tail, follow: query.follow }, signal))
  return redacted(services, mergeInOrder(units, { order: byTime, patience: () => services.clock.sleep(quietMs, signal).catch(endedBySignal) }))
}

/** Whoever was started since these were put to use, or shares a home with whoever did that, knows them from here. */
async function learnKept({ secrets, store }: Services, app: AppName): Promise<void> {
  secrets.learn(Object.values(await store.keptValues.values(app)))
}

/** A service that prints nothing for that long does not hold back what others print. */
const quietMs = 20

/** The sources end with the same signal. */
function endedBySignal(): void {}

function byTime(one: LogLine, other: LogLine): number {
  return Date.parse(one.at) - Date.parse(other.at)
}

async function wantedRelease({ edge, store }: Services, { app, release }: LogQuery, signal: AbortSignal): Promise<ReleaseNumber> {
  if (release !== undefined) return releaseNumberSchema.parse(release)
  const live = (await edge.live(app, signal))?.live.release
  if (live !== undefined) return live
  const [latest] = (await store.releases.list(app, { limit: 1 })).releases
  if (latest === undefined) throw new PlimsollError('NOT_FOUND', `${app} was never released, so nothing was printed`)
  return latest.number
}

async function* redacted({ secrets }: Services, lines: AsyncIterable<LogLine>): AsyncGenerator<LogLine> {
  for await (const line of lines) yield { ...line, text: secrets.redact(line.text) }
}
