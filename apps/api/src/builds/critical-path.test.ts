import type { Artifact } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { criticalPath } from './critical-path.ts'

const built = (service: string, buildMs: number, waitedMs?: number) => ({ service, buildMs, fresh: true, ...(waitedMs !== undefined && { waitedMs }) }) as Artifact
const found = (service: string, buildMs: number) => ({ ...built(service, buildMs), fresh: false })

test('is the slowest one where all could begin at once', () => {
  expect(criticalPath([built('web', 20_000, 40), built('api', 6_000, 40), found('worker', 90_000)])).toEqual(['web'])
})

test('leads from the last one back to those whose turn it waited for', () => {
  expect(criticalPath([built('web', 20_000, 40), built('api', 6_000, 40), built('worker', 13_000, 6_010), built('docs', 24_000, 13_020)])).toEqual(['api', 'worker', 'docs'])
})

test('is empty where nothing was built, and one service where nobody has measured the wait', () => {
  expect(criticalPath([found('web', 80)])).toEqual([])
  expect(criticalPath([built('web', 9_000), built('api', 12_000)])).toEqual(['api'])
})
