import { expect, test } from 'vitest'
import { sameAnswer } from './same-answer.ts'

test('an answer is taken apart once for as long as it is the same, and anew when it is another', () => {
  const read = sameAnswer((text): unknown => JSON.parse(text))
  const first = read('{"a":1}')
  expect(read('{"a":1}')).toBe(first)
  expect(read('{"a":2}')).toEqual({ a: 2 })
  expect(read('{"a":1}')).toEqual(first)
})

test('an answer that cannot be taken apart is refused each time, and the one before it is still known', () => {
  const read = sameAnswer((text): unknown => JSON.parse(text))
  const first = read('[]')
  for (const _ of [1, 2]) expect(() => read('{')).toThrow(SyntaxError)
  expect(read('[]')).toBe(first)
})
