import { serviceNameSchema, type UnitSpec } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { healthCheckOf } from './health-check.ts'

const service = serviceNameSchema.parse('api')
const spec: UnitSpec = { service, kind: 'web', runtime: 'docker', rootDir: '', maxShutdownDelayMs: 30_000, instances: 1, reaches: [] }
const go = { entrypoint: ['/server'], command: [], isWritten: false, hasCheck: false }
const node = { ...go, entrypoint: [], command: ['npm', 'start'] }
const [old, young] = [{ hasStart: false }, { hasStart: true }]

test('where the Blueprint names a path that is asked, whatever the image brings along', () => {
  expect(healthCheckOf({ ...spec, healthCheckPath: '/up' }, { ...node, hasCheck: true }, old)?.Test).toEqual(['CMD', 'node', '-e', expect.stringContaining('"/up"')])
})

test("an image's own check holds where the Blueprint names no path, and where nobody could ask for it", () => {
  expect(healthCheckOf(spec, { ...node, hasCheck: true }, old)).toBeUndefined()
  expect(healthCheckOf({ ...spec, healthCheckPath: '/up' }, { ...go, hasCheck: true }, old)).toBeUndefined()
})

test('without either, what listens is asked for a connection', () => {
  expect(healthCheckOf(spec, node, old)?.Test.at(-1)).toContain("require('net')")
  expect(healthCheckOf({ ...spec, runtime: 'node', startCommand: 'server' }, { ...go, isWritten: true, hasCheck: true }, old)?.Test.at(-1)).toContain("require('net')")
})

test.each([old, young])('an instance on a busy machine has minutes to answer, and one that is ready is seen at once, where engines tell its start from the rest: $hasStart', (pace) => {
  const { Interval = 0, Timeout = 0, Retries = 0, StartInterval = 0, StartPeriod = 0 } = healthCheckOf(spec, node, pace) ?? {}
  expect((Interval + Timeout) * Retries).toBeGreaterThanOrEqual(120e9)
  expect(StartPeriod).toBeGreaterThanOrEqual(120e9)
  expect(pace.hasStart ? StartInterval : Interval).toBeLessThanOrEqual(2e9)
})

test('one that is ready is asked less often, where its start is not asked less often for it', () => {
  const [before, after] = [old, young].map((pace) => healthCheckOf(spec, node, pace)?.Interval ?? 0)
  expect([before, after]).toEqual([2e9, 10e9])
})

test('what listens and cannot be asked is refused, by name', () => {
  expect(() => healthCheckOf(spec, go, old)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT', details: { service: 'api' } }))
})

test("a worker is not asked, and its image's check is about something else", () => {
  expect(healthCheckOf({ ...spec, kind: 'worker' }, { ...go, hasCheck: true }, old)).toEqual({ Test: ['NONE'] })
})
