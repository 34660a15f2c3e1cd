import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faults } from './catalogue.ts'
import { edited } from './fault.ts'

const shop = new URL('../../examples/storefront/', import.meta.url)

test('there are at least sixty faults, each known by a name of its own', () => {
  expect(faults.length).toBeGreaterThanOrEqual(60)
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
})

test.each(faults.map((fault) => [fault.id, fault] as const))('%s fits the storefront as it is', (_id, { edits, caughtBy }) => {
  const texts = new Map<string, string>()
  for (const each of edits) texts.set(each.file, edited(texts.get(each.file) ?? ('text' in each ? '' : readFileSync(new URL(each.file, shop), 'utf8')), each))
  expect([...texts.values()].every((text) => text !== '')).toBe(true)
  expect(caughtBy.length).toBeGreaterThan(0)
})
