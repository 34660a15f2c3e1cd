import { expect, test } from 'vitest'
import type { CrashCase } from '../crash/crash-case.ts'
import { otherCases, sampleCases } from '../crash/crash-cases.ts'
import { drawPlan } from './draw-plan.ts'

const cases: readonly CrashCase[] = [...sampleCases, ...otherCases]

test('equal seeds draw equal plans, and others draw others', () => {
  const plan = drawPlan({ seed: 7, releases: 60, cases })
  expect(drawPlan({ seed: 7, releases: 60, cases })).toEqual(plan)
  expect(drawPlan({ seed: 8, releases: 60, cases })).not.toEqual(plan)
})

test('a longer plan begins with the shorter one', () => {
  const plan = drawPlan({ seed: 7, releases: 60, cases })
  expect(drawPlan({ seed: 7, releases: 20, cases })).toEqual(plan.slice(0, 20))
})

test('every second release is hit, and each victim and each way has its turn', () => {
  const plan = drawPlan({ seed: 1, releases: 300, cases })
  expect(plan.map(({ victim }) => victim === 'nobody')).toEqual(plan.map((_, at) => at % 2 === 0))
  expect(new Set(plan.map(({ victim }) => victim))).toEqual(new Set(['nobody', ...cases.map(({ victim }) => victim)]))
  expect(new Set(plan.map(({ way }) => way)).size).toBe(11)
})

test('where nothing can be hit, nobody is', () => {
  expect(new Set(drawPlan({ seed: 1, releases: 10, cases: [] }).map(({ victim }) => victim))).toEqual(new Set(['nobody']))
})
