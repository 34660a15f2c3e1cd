import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Schema } from './operations.ts'
import { valueOf } from './value-of.ts'

const some = (schema: Schema): string[] => fc.sample(valueOf(schema), { seed: 7, numRuns: 100 }).map(String)

test('texts are as a pattern allows them, short ones and long ones', () => {
  const values = some({ type: 'string', pattern: '^[a-z0-9-]{1,64}$' })
  expect(values.filter((value) => !/^[a-z0-9-]{1,64}$/.test(value))).toEqual([])
  expect([values.some(({ length }) => length < 5), values.some(({ length }) => length > 40)]).toEqual([true, true])
})

test('texts are within their lengths, and some as long as they may be', () => {
  const values = some({ type: 'string', minLength: 2, maxLength: 500 })
  expect(values.filter(({ length }) => length < 2 || length > 500)).toEqual([])
  expect(values.filter(({ length }) => length === 500).length).toBeGreaterThan(5)
})
