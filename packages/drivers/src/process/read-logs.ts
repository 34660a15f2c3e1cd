import type { Clock, LogRequest } from '@plimsoll/engine'
import type { LogLine } from '@plimsoll/model'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isMissing, namesIn } from './durable-file.ts'
import { lastLines, LogReader } from './log-file.ts'
import { logLine, timeOf, type LineOrigin } from './log-lines.ts'
import { logsDirectory, type Place } from './place.ts'
import { readUnit } from './records.ts'

const pollMs = 100

interface Source {
  readonly path: string
  readonly origin: LineOrigin
  readonly reader: LogReader
}

/** The last lines of all of a unit's files in the order of their times; then, if asked, new ones as they come. */
export async function* readLogs(at: { readonly place: Place; readonly clock: Clock }, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
  const { place, clock } = at
  const sources = new Map<string, Source>()
  await openSources(place, { request, sources, from: 'end' })
  yield* await tail([...sources.values()], request.tail)
  while (request.follow && !signal.aborted) {
    await openSources(place, { request, sources, from: 'beginning' })
    for (const { reader, origin } of sources.values()) {
      const now = new Date(clock.now()).toISOString()
      for (const text of await reader.more()) yield logLine(text, now, origin)
    }
    // Only the reader's own signal ends this sleep early, and the loop sees it.
    await clock.sleep(pollMs, signal).catch(() => undefined)
  }
}

interface Opening {
  readonly request: LogRequest
  readonly sources: Map<string, Source>
  readonly from: 'beginning' | 'end'
}

/** Instances that are started while somebody follows are followed too. */
async function openSources(place: Place, { request, sources, from }: Opening): Promise<void> {
  const directory = logsDirectory(place, request.app, request.unit.name)
  const names = (await namesIn(directory)).filter((name) => name.endsWith('.log')).sort()
  if (names.every((name) => sources.has(name))) return
  const record = await readUnit(place, request.app, request.unit.name)
  for (const name of names.filter((each) => !sources.has(each))) {
    const path = join(directory, name)
    const instance = record?.instances[Number(basename(name, '.log'))]
    const origin: LineOrigin = { service: request.unit.service, release: request.unit.release, instance, stream: 'out' }
    sources.set(name, { path, origin, reader: await LogReader.open(path, from) })
  }
}

async function tail(sources: readonly Source[], count: number): Promise<readonly LogLine[]> {
  const lines = (await Promise.all(sources.map((source) => tailOne(source, count)))).flat()
  return lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(Math.max(0, lines.length - count))
}

/** A line that does not say when it was made was made about when its neighbour was, or at the latest when the file was last written. */
async function tailOne({ path, origin }: Source, count: number): Promise<readonly LogLine[]> {
  const texts = await lastLines(path, count)
  let at = texts.map(timeOf).find((time) => time !== undefined) ?? (await writtenAt(path))
  return texts.map((text) => {
    at = timeOf(text) ?? at
    return logLine(text, at, origin)
  })
}

async function writtenAt(path: string): Promise<string> {
  try {
    return (await stat(path)).mtime.toISOString()
  } catch (error) {
    if (isMissing(error)) return new Date(0).toISOString()
    throw error
  }
}
