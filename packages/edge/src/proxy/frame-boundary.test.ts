import { expect, test } from 'vitest'
import { FrameBoundary } from './frame-boundary.ts'

const frame = (length: number, masked = false): Buffer => {
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 0xff] : [127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff)]
  const [first = 0, ...rest] = size
  return Buffer.concat([Buffer.from([0x82, masked ? first | 0x80 : first, ...rest, ...(masked ? [1, 2, 3, 4] : [])]), Buffer.alloc(length, 0x88)])
}

test.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('finds the end of a frame of %i bytes, however it is cut up', (length) => {
  for (const masked of [false, true]) {
    const bytes = frame(length, masked)
    for (const step of [1, 3, bytes.length]) {
      const frames = new FrameBoundary()
      for (let at = 0; at < bytes.length; at += step) {
        expect(frames.between).toBe(at === 0)
        frames.push(bytes.subarray(at, at + step))
      }
      expect(frames.between).toBe(true)
    }
  }
})

test('tells where the first frame ends in a chunk that holds more', () => {
  const frames = new FrameBoundary()
  frames.push(frame(10).subarray(0, 5))
  expect(frames.push(Buffer.concat([frame(10).subarray(5), frame(3), frame(9).subarray(0, 4)]))).toBe(7)
  expect(frames.between).toBe(false)
})

test('tells when no frame ends in a chunk', () => {
  expect(new FrameBoundary().push(frame(10).subarray(0, 11))).toBe(-1)
})
