import { expect, it } from 'vitest'
import { LineCutter, timeOf } from './log-lines.ts'

it('holds a line back until its newline has come', () => {
  const cutter = new LineCutter()
  expect(cutter.push(Buffer.from('one\ntw'))).toEqual(['one'])
  expect(cutter.push(Buffer.from('o\n\n'))).toEqual(['two', ''])
  expect(cutter.end()).toBeUndefined()
})

it('never cuts a character in two, wherever the bytes are cut', () => {
  const bytes = Buffer.from('zwölf 🚢\n')
  for (let at = 1; at < bytes.length; at += 1) {
    const cutter = new LineCutter()
    expect([...cutter.push(bytes.subarray(0, at)), ...cutter.push(bytes.subarray(at))]).toEqual(['zwölf 🚢'])
  }
})

it('gives out what came without a newline when asked', () => {
  const cutter = new LineCutter()
  cutter.push(Buffer.from('last words'))
  expect(cutter.end()).toBe('last words')
})

it('does not let a line without an end fill the memory', () => {
  expect(new LineCutter().push(Buffer.alloc(300_000, 'x'))).toHaveLength(1)
})

it.each([
  ['{"level":30,"time":1767225600000,"msg":"hi"}', '2026-01-01T00:00:00.000Z'],
  ['{"time":"2026-01-01T00:00:00Z"}', '2026-01-01T00:00:00.000Z'],
  ['{"time":"soon"}', undefined],
  ['{"time":1767225600000', undefined],
  ['it is "time"', undefined],
])('reads the time of %s as %s', (text, time) => {
  expect(timeOf(text)).toBe(time)
})
