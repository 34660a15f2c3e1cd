import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { printedLines, type PrintedLine } from './log-frames.ts'

const at = (second: number) => `2026-01-31T09:00:0${second}.000000000Z`

function frame(output: number, second: number, text: string): Buffer {
  const bytes = Buffer.from(`${at(second)} ${text}`)
  const head = Buffer.alloc(8)
  head.writeUInt8(output, 0)
  head.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}

async function read(...chunks: readonly Buffer[]): Promise<PrintedLine[]> {
  const lines: PrintedLine[] = []
  for await (const line of printedLines(Readable.from(chunks))) lines.push(line)
  return lines
}

test('each write is a line with its time, wherever the engine cuts what it sends', async () => {
  const all = Buffer.concat([frame(1, 1, 'one\n'), frame(2, 2, 'zwölf\n')])
  const expected = [{ at: at(1), text: 'one' }, { at: at(2), text: 'zwölf' }]
  expect(await read(all)).toEqual(expected)
  for (let cut = 1; cut < all.length; cut += 1) expect(await read(all.subarray(0, cut), all.subarray(cut))).toEqual(expected)
})

test('a line that comes in several writes is one line, from when it began', async () => {
  expect(await read(frame(1, 1, 'begin '), frame(2, 2, 'between\n'), frame(1, 3, 'end\n'))).toEqual([{ at: at(2), text: 'between' }, { at: at(1), text: 'begin end' }])
})

test('what came without a newline is a line at the end', async () => {
  expect(await read(frame(1, 1, 'no newline'))).toEqual([{ at: at(1), text: 'no newline' }])
})

test('an empty line is a line', async () => {
  expect(await read(frame(1, 1, '\n'))).toEqual([{ at: at(1), text: '' }])
})
