import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'

/** Somebody who watches one release, and what has come to them. */
export interface EventReader {
  /** Numbers of the entries, in the order in which they came. */
  readonly entries: readonly number[]
  /** Of the lines that were printed with a number: these, in the order in which they came. */
  readonly lines: readonly number[]
  /** Resolves with the last event. */
  readonly ended: Promise<void>
  /** Reads on, for one that was told to wait. */
  go(): void
}

export interface Watching {
  readonly url: string
  readonly token: string
  /** Reads nothing until it is told to go. */
  readonly waits: boolean
}

/** Resolves when the stream is open. */
export async function readEvents({ url, token, waits }: Watching): Promise<EventReader> {
  const request = get(url, { agent: false, headers: { authorization: `Bearer ${token}` } })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
  const seen = { entries: [] as number[], lines: [] as number[] }
  const ended = waits ? undefined : readAll(answer, seen)
  const going = Promise.withResolvers<void>()
  return { ...seen, ended: ended ?? going.promise.then(() => readAll(answer, seen)), go: () => going.resolve() }
}

async function readAll(answer: IncomingMessage, { entries, lines }: { readonly entries: number[]; readonly lines: number[] }): Promise<void> {
  let text = ''
  let hasEnded = false
  for await (const chunk of answer.setEncoding('utf8')) {
    const frames = (text + String(chunk)).split('\n\n')
    text = frames.pop() ?? ''
    for (const frame of frames) {
      const id = /^event: entry\nid: (\d+)\n/.exec(frame)?.[1]
      if (id !== undefined) entries.push(Number(id))
      const line = /^event: line\n.*"text":"(\d+) of /.exec(frame)?.[1]
      if (line !== undefined) lines.push(Number(line))
      hasEnded ||= frame.startsWith('event: end\n')
    }
  }
  if (!hasEnded) throw new Error(`a stream ended before its end, after ${entries.length} entries and ${lines.length} lines`)
}
