import type { LogRequest } from '@plimsoll/engine'
import type { LogLine } from '@plimsoll/model'
import { logLine } from '../process/log-lines.ts'
import { readContainerLog } from './container-log.ts'
import { findContainers, type Container, type Dock } from './containers.ts'
import type { PrintedLine } from './engine/log-frames.ts'

/** How soon the next run of an instance, or an instance more, is followed too. */
const pollMs = 200

interface From {
  readonly container: Container
  readonly line: PrintedLine
}

/** The last lines of all of a unit's containers in the order of their times; then, if asked, new ones as they come. */
export async function* readUnitLogs(dock: Dock, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
  try {
    const last = new Map<string, string>()
    const containers = await findContainers(dock, { app: request.app, unit: request.unit, role: 'instance' }, signal)
    const tails = await Promise.all(containers.map((container) => tail(dock, { container, count: Math.max(1, request.tail) }, signal)))
    for (const { container, line } of tails.flat()) last.set(container.id, line.at)
    const all = tails.flat().toSorted((a, b) => (a.line.at < b.line.at ? -1 : 1))
    yield* all.slice(Math.max(0, all.length - request.tail)).map(asLogLine)
    if (request.follow) for await (const from of followAll(dock, { request, last }, signal)) yield asLogLine(from)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function tail({ engine }: Dock, { container, count }: { readonly container: Container; readonly count: number }, signal: AbortSignal): Promise<From[]> {
  const lines: From[] = []
  for await (const line of readContainerLog(engine, { id: container.id, tail: count, follow: false }, signal)) lines.push({ container, line })
  return lines
}

interface Following {
  readonly request: LogRequest
  /** By container: when the last line was printed that was handed on. */
  readonly last: Map<string, string>
}

/** A log that is followed ends with the run of its container, and is taken up again with the next run. */
async function* followAll(dock: Dock, { request, last }: Following, signal: AbortSignal): AsyncGenerator<From> {
  const { engine, clock } = dock
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const queue = createQueue<From>()
  const followed = new Set<string>()
  const follow = async (container: Container) => {
    followed.add(container.id)
    for await (const line of readContainerLog(engine, { id: container.id, after: last.get(container.id), follow: true }, either)) {
      last.set(container.id, line.at)
      queue.push({ container, line })
    }
    followed.delete(container.id)
  }
  const watch = async () => {
    while (!either.aborted) {
      const containers = await findContainers(dock, { app: request.app, unit: request.unit, role: 'instance' }, either)
      for (const container of containers) if (!followed.has(container.id)) follow(container).catch(queue.fail)
      await clock.sleep(pollMs, either)
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

function asLogLine({ container: { marks: { unit, id } }, line: { at, text } }: From): LogLine {
  return logLine(text, new Date(at).toISOString(), { service: unit.service, release: unit.release, instance: id, stream: 'out' })
}
