import { appNameSchema, PlimsollError, releaseNumberSchema, releaseSchema, type LogLine } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { createLineHub } from './line-hub.ts'

const app = appNameSchema.parse('shop')
const number = releaseNumberSchema.parse(7)
const release = releaseSchema.parse({ app, number, kind: 'release', state: 'releasing', source: { root: '/', blueprint: 'render.yaml', dirty: false }, steps: [], startedAt: '2026-11-22T10:00:00.000Z' })
const line = (text: string): LogLine => ({ at: release.startedAt, service: 'web' as LogLine['service'], stream: 'build', text })
const never = new AbortController().signal

function opened() {
  const hub = createLineHub()
  hub.open(app, number)
  const print = (from: number, to: number, text = ''): void => {
    for (let each = from; each <= to; each += 1) hub.line(app, number, line(`${each}${text}`))
  }
  return { hub, print, lines: () => hub.lines(app, number, never) }
}

async function texts(lines: AsyncIterable<LogLine>): Promise<string[]> {
  const all: string[] = []
  for await (const { text } of lines) all.push(text)
  return all
}

const counted = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => String(from + index))

test('two hundred readers get every line once and in order, also those that come all at once', async () => {
  const { hub, print, lines } = opened()
  const readers = Array.from({ length: 200 }, () => texts(lines()))
  await Promise.resolve()
  print(1, 3_000)
  hub.settle(release)
  for (const reader of readers) expect(await reader).toEqual(counted(1, 3_000))
})

test('whoever comes late begins with the last 400 lines', async () => {
  const { hub, print, lines } = opened()
  print(1, 5_000)
  const late = texts(lines())
  print(5_001, 5_002)
  hub.settle(release)
  expect(await late).toEqual(counted(4_601, 5_002))
})

test('a reader that stands still is told how much it has missed, and keeps nobody else from anything', async () => {
  const { hub, print, lines } = opened()
  const slow = lines()[Symbol.asyncIterator]()
  const quick = lines()[Symbol.asyncIterator]()
  print(1, 1)
  expect([(await slow.next()).value?.text, (await quick.next()).value?.text]).toEqual(['1', '1'])
  // A million characters each time: eight times what is kept.
  const wide = 'x'.repeat(10_000)
  for (let hundred = 0; hundred < 64; hundred += 1) {
    print(2 + hundred * 100, 101 + hundred * 100, wide)
    for (let each = 0; each < 100; each += 1) expect((await quick.next()).value?.text).toBe(`${2 + hundred * 100 + each}${wide}`)
  }
  const { text } = (await slow.next()).value ?? line('')
  const missed = Number(/^(\d+) lines are left out here/.exec(text)?.[1])
  expect(missed).toBeGreaterThan(5_000)
  expect((await slow.next()).value?.text).toBe(`${2 + missed}${wide}`)
  await slow.return?.()
  hub.settle(release)
})

test('whoever reads what stands still is told why, and reads on when it goes on', async () => {
  const { hub, print, lines } = opened()
  print(1, 2)
  const reading = texts(lines())
  hub.standStill(release, new PlimsollError('DATABASE_DOWN', 'it is away'))
  await expect(reading).rejects.toMatchObject({ code: 'DATABASE_DOWN' })
  await expect(texts(lines())).rejects.toMatchObject({ code: 'DATABASE_DOWN' })
  print(3, 3)
  const after = texts(lines())
  hub.settle(release)
  expect(await after).toEqual(['1', '2', '3'])
})

test('reading ends when nobody listens any more, and there is nothing to read of what does not run', async () => {
  const { hub } = opened()
  const gone = new AbortController()
  const reading = texts(hub.lines(app, number, gone.signal))
  gone.abort(new Error('the client is gone'))
  await expect(reading).rejects.toThrow('the client is gone')
  expect(await texts(hub.lines(app, releaseNumberSchema.parse(8), never))).toEqual([])
})
