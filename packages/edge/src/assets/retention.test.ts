import { releaseNumberSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { expiredReleases } from './retention.ts'

const now = new Date('2026-11-22T12:00:00Z')
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000)
const published = (...hours: number[]) => new Map(hours.map((age, index) => [releaseNumberSchema.parse(index + 1), hoursAgo(age)]))
const none = new Set<never>()

test('five releases stay, however old', () => {
  expect(expiredReleases(published(900, 800, 700, 600, 500), none, now)).toEqual([])
})

test('a sixth goes when it was replaced more than a day ago', () => {
  expect(expiredReleases(published(900, 100, 80, 70, 60, 50), none, now)).toEqual([1])
})

test('a sixth stays for a day after it was replaced, because its pages may still be open', () => {
  expect(expiredReleases(published(900, 23, 5, 4, 3, 2), none, now)).toEqual([])
})

test('what is in the table stays', () => {
  expect(expiredReleases(published(900, 100, 80, 70, 60, 50), new Set([releaseNumberSchema.parse(1)]), now)).toEqual([])
})
