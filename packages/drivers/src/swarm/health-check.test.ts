import { serviceNameSchema, type UnitSpec } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { healthCheckOf } from './health-check.ts'

const service = serviceNameSchema.parse('api')
const spec: UnitSpec = { service, kind: 'web', runtime: 'docker', rootDir: '', maxShutdownDelayMs: 30_000, instances: 1, reaches: [] }
const go = { entrypoint: ['/server'], command: [], isWritten: false, hasCheck: false }
const node = { ...go, entrypoint: [], command: ['npm', 'start'] }

test('where the Blueprint names a path that is asked, whatever the image brings along', () => {
  expect(healthCheckOf({ ...spec, healthCheckPath: '/up' }, { ...node, hasCheck: true })?.Test).toEqual(['CMD', 'node', '-e', expect.stringContaining('"/up"')])
})

test("an image's own check holds where the Blueprint names no path, and where nobody could ask for it", () => {
  expect(healthCheckOf(spec, { ...node, hasCheck: true })).toBeUndefined()
  expect(healthCheckOf({ ...spec, healthCheckPath: '/up' }, { ...go, hasCheck: true })).toBeUndefined()
})

test('without either, what listens is asked for a connection', () => {
  expect(healthCheckOf(spec, node)?.Test.at(-1)).toContain("require('net')")
  expect(healthCheckOf({ ...spec, runtime: 'node', startCommand: 'server' }, { ...go, isWritten: true, hasCheck: true })?.Test.at(-1)).toContain("require('net')")
})

test('an instance on a busy machine has minutes to answer, and one that is ready is seen at once', () => {
  const { Interval = 0, Timeout = 0, Retries = 0 } = healthCheckOf(spec, node) ?? {}
  expect((Interval + Timeout) * Retries).toBeGreaterThanOrEqual(120e9)
  expect(Interval).toBeLessThanOrEqual(2e9)
})

test('what listens and cannot be asked is refused, by name', () => {
  expect(() => healthCheckOf(spec, go)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT', details: { service: 'api' } }))
})

test("a worker is not asked, and its image's check is about something else", () => {
  expect(healthCheckOf({ ...spec, kind: 'worker' }, { ...go, hasCheck: true })).toEqual({ Test: ['NONE'] })
})
