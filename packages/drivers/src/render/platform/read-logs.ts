import type { Clock } from '@plimsoll/engine'
import type { LogLine, ServiceName } from '@plimsoll/model'
import type { RenderLogLine } from '../api/logs.ts'
import type { RenderApi } from '../api/render-api.ts'
import type { RenderService } from '../api/service-schemas.ts'

/** One question for all services of a region: often enough to watch, and a small part of the 400 a minute that Render answers. */
const lookEveryMs = 5_000
/** A line can be shown later than one that was printed after it. */
const lateMs = 10_000
/** Render keeps what was printed for seven days at least. */
const pastMs = 6 * 24 * 60 * 60_000

export interface LogReading {
  readonly api: RenderApi
  readonly clock: Clock
  readonly ownerId: string
  readonly services: readonly { readonly service: ServiceName; readonly found: RenderService }[]
}

interface Told {
  readonly id: string
  readonly ms: number
  readonly line: LogLine
}

/** What the services printed, oldest first: the last `tail` lines of all together, then with `follow` new ones, each once, until `signal` ends it. */
export async function* readLogs(reading: LogReading, { tail, follow }: { readonly tail: number; readonly follow: boolean }, signal: AbortSignal): AsyncGenerator<LogLine, void> {
  const begun = reading.clock.now()
  try {
    const past = (await ofAll(reading, (region) => lastLines(region, tail, signal))).slice(-tail)
    for (const { line } of past) yield line
    if (follow) yield* newLines(reading, { told: past, floor: past.at(-1)?.ms ?? begun }, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Looks again and again, from a little before the newest line on. Nothing from before `floor` is news: a tail has left it out. */
async function* newLines(reading: LogReading, { told, floor }: { readonly told: readonly Told[]; readonly floor: number }, signal: AbortSignal): AsyncGenerator<LogLine, never> {
  let recent = told
  for (;;) {
    await reading.clock.sleep(lookEveryMs, signal)
    const from = Math.max(floor, (recent.at(-1)?.ms ?? floor) - lateMs)
    const seen = new Set(recent.map(({ id }) => id))
    const found = await ofAll(reading, (region) => linesSince(region, from, signal))
    for (const { id, line } of found) if (!seen.has(id)) yield line
    // Whatever the next look can find again is in here.
    if (found.length > 0) recent = found
  }
}

/** Render answers for several services at once when they are of one region. In the order of their times. */
async function ofAll(reading: LogReading, ask: (region: LogReading) => Promise<readonly Told[]>): Promise<readonly Told[]> {
  const regions = Map.groupBy(reading.services, ({ found }) => found.serviceDetails.region)
  const told = await Promise.all([...regions.values()].map((services) => ask({ ...reading, services })))
  return told.flat().toSorted((one, other) => one.ms - other.ms)
}

async function lastLines(reading: LogReading, tail: number, signal: AbortSignal): Promise<readonly Told[]> {
  const found: Told[] = []
  if (tail === 0) return found
  const startTime = new Date(reading.clock.now() - pastMs).toISOString()
  for await (const line of reading.api.logs.lines({ ...askedOf(reading), startTime, direction: 'backward', limit: Math.min(tail, mostAtOnce) }, signal)) {
    found.push(toldOf(reading, line))
    if (found.length >= tail) break
  }
  return found.toReversed()
}

/** The most that Render gives at once. */
const mostAtOnce = 100

async function linesSince(reading: LogReading, from: number, signal: AbortSignal): Promise<readonly Told[]> {
  const question = { ...askedOf(reading), startTime: new Date(from).toISOString(), direction: 'forward' } as const
  const found: Told[] = []
  for await (const line of reading.api.logs.lines(question, signal)) found.push(toldOf(reading, line))
  return found
}

function askedOf({ ownerId, services }: LogReading): { readonly ownerId: string; readonly resources: readonly string[]; readonly types: readonly ['app'] } {
  return { ownerId, resources: services.map(({ found }) => found.id), types: ['app'] }
}

function toldOf({ services }: LogReading, { id, message, timestamp, labels }: RenderLogLine): Told {
  const label = (wanted: string): string | undefined => labels.find(({ name }) => name === wanted)?.value
  const [resource, instance] = [label('resource'), label('instance')]
  const service = services.find(({ found }) => found.id === resource)?.service ?? services[0]?.service
  if (service === undefined) throw new Error('Nothing was asked for')
  const ms = Date.parse(timestamp)
  return { id, ms, line: { at: new Date(ms).toISOString(), service, stream: 'out', text: message.replace(/\r?\n$/, ''), ...(instance !== undefined && { instance }) } }
}
