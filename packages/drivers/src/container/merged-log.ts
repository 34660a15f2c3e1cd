import type { Clock, LogRequest } from '@plimsoll/engine'
import type { LogLine, Unit } from '@plimsoll/model'
import { logLine } from '../process/log-lines.ts'
import type { PrintedLine } from '../docker-engine/log-frames.ts'

/** How soon the next run of an instance, or an instance more, is followed too. */
const pollMs = 200

/** One log of several that are read as one. */
export interface LogSource {
  readonly id: string
  /** The id of the instance that prints it. */
  readonly instance: string
  readonly unit: Unit
}

export interface SourceQuestion {
  readonly id: string
  readonly tail?: number
  /** Only what was printed after this. */
  readonly after?: string | undefined
  readonly follow: boolean
}

/** Where several logs are. */
export interface LogShelf {
  readonly clock: Clock
  /** Those that are there now. */
  readonly sources: (signal: AbortSignal) => Promise<readonly LogSource[]>
  /** One of them, oldest line first; one that is followed may end with the run that prints it, and is taken up again. */
  readonly read: (question: SourceQuestion, signal: AbortSignal) => AsyncIterable<PrintedLine>
}

interface From {
  readonly source: LogSource
  readonly line: PrintedLine
}

/** The last lines of all logs in the order of their times; then, if asked, new ones as they come. */
export async function* readMergedLog(shelf: LogShelf, request: Pick<LogRequest, 'tail' | 'follow'>, signal: AbortSignal): AsyncGenerator<LogLine> {
  try {
    const last = new Map<string, string>()
    const tails = await Promise.all((await shelf.sources(signal)).map((source) => tail(shelf, { source, count: Math.max(1, request.tail) }, signal)))
    for (const { source, line } of tails.flat()) last.set(source.id, line.at)
    const all = tails.flat().toSorted((a, b) => (a.line.at < b.line.at ? -1 : 1))
    yield* all.slice(Math.max(0, all.length - request.tail)).map(asLogLine)
    if (request.follow) for await (const from of followAll(shelf, last, signal)) yield asLogLine(from)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function tail(shelf: LogShelf, { source, count }: { readonly source: LogSource; readonly count: number }, signal: AbortSignal): Promise<From[]> {
  const lines: From[] = []
  for await (const line of shelf.read({ id: source.id, tail: count, follow: false }, signal)) lines.push({ source, line })
  return lines
}

/** `last` says by source when the last line was printed that was handed on. A log that ends with a run is taken up again with the next one. */
async function* followAll(shelf: LogShelf, last: Map<string, string>, signal: AbortSignal): AsyncGenerator<From> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const queue = createQueue<From>()
  const followed = new Set<string>()
  const follow = async (source: LogSource) => {
    followed.add(source.id)
    for await (const line of shelf.read({ id: source.id, after: last.get(source.id), follow: true }, either)) {
      last.set(source.id, line.at)
      queue.push({ source, line })
    }
    followed.delete(source.id)
  }
  const watch = async () => {
    while (!either.aborted) {
      for (const source of await shelf.sources(either)) if (!followed.has(source.id)) follow(source).catch(queue.fail)
      await shelf.clock.sleep(pollMs, either)
    }
  }
  const watching = watch().catch((error: unknown) => (either.aborted ? queue.end() : queue.fail(error)))
  try {
    yield* queue.items
  } finally {
    over.abort()
    await watching
  }
}

interface Queue<Item> {
  push(item: Item): void
  end(): void
  readonly fail: (error: unknown) => void
  readonly items: AsyncGenerator<Item>
}

/** Hands on, in order, what several writers put in; ends when told to, or with the first failure. */
function createQueue<Item>(): Queue<Item> {
  const waiting: Item[] = []
  let end: { readonly error?: unknown } | undefined
  let wake = Promise.withResolvers<void>()
  const finish = (how: { readonly error?: unknown }) => {
    end ??= how
    wake.resolve()
  }
  async function* items(): AsyncGenerator<Item> {
    for (;;) {
      yield* waiting.splice(0)
      if (waiting.length > 0) continue
      if (end !== undefined) break
      await wake.promise
      wake = Promise.withResolvers()
    }
    if ('error' in end) throw end.error
  }
  return {
    push: (item) => {
      waiting.push(item)
      wake.resolve()
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    items: items(),
  }
}

function asLogLine({ source: { unit, instance }, line: { at, text } }: From): LogLine {
  return logLine(text, new Date(at).toISOString(), { service: unit.service, release: unit.release, instance, stream: 'out' })
}
