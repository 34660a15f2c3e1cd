import { trafficSchema, type Traffic } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { withTraffic } from '../table/table.ts'
import { EdgeState } from './edge-state.ts'

const services = Array.from({ length: 20 }, (_, index) => `s${index}`)

function trafficOf(app: number, release: number): Traffic {
  const part = (number: number) => ({
    release: number,
    targets: Object.fromEntries(services.map((name) => [name, { kind: 'instances', unit: `app-${app}-${name}-r${number}`, addresses: [{ host: '127.0.0.1', port: 9 }] }])),
    deploymentIds: {},
  })
  const entries = Object.fromEntries(services.map((name, index) => [name, { port: 1_000 + app * 100 + index, hosts: [] }]))
  return trafficSchema.parse({ app: `app-${app}`, fence: 1, entries, live: part(release), previous: release > 1 ? [part(release - 1)] : [] })
}

test('releases that nobody ever asked leave nothing behind, however many there are', () => {
  const state = new EdgeState({ absentMs: 0 })
  for (let release = 1; release <= 100; release += 1) {
    for (let app = 0; app < 10; app += 1) state.swap(withTraffic(state.table, trafficOf(app, release)))
  }
  const gates = Array.from({ length: 10 }, (_, app) => state.gatesOf(trafficOf(app, 1).app).length)
  // Those of the live release and of the one before it, from when they were live.
  expect(Math.max(...gates)).toBeLessThanOrEqual(2 * services.length)
})

test('what was counted of a release that has gone is still told', () => {
  const state = new EdgeState({ absentMs: 0 })
  state.swap(withTraffic(state.table, trafficOf(0, 1)))
  const { app } = trafficOf(0, 1)
  state.claim({ app, service: 's0' }, { method: 'GET', url: '/', headers: {} }, () => undefined)?.exchange.leave()
  for (const release of [2, 3, 4]) state.swap(withTraffic(state.table, trafficOf(0, release)))
  expect(state.counters(app)['1/s0']).toMatchObject({ requests: 1 })
})
