import { expect, test } from 'vitest'
import { edgeSpec, isMadeFrom } from './edge-spec.ts'

const place = { home: '/nowhere', id: '0123456789abcdef' }
const wanted = { image: 'r/edge@sha256:1', uid: 65_532, constraint: 'node.labels.plimsoll.edge == true', ports: { users: 80, control: 4_075 }, pace: { hasStart: false } }

test('one edge holds the ports of each machine that is to have one, and ends before the next one begins', () => {
  expect(edgeSpec(place, wanted, [{ id: 's1', name: 'plimsoll-edge-key', file: 'plimsoll-edge.key' }])).toMatchObject({
    Mode: { Global: {} },
    UpdateConfig: { Order: 'stop-first', Parallelism: 1 },
    TaskTemplate: {
      Placement: { Constraints: ['node.labels.plimsoll.edge == true'] },
      ContainerSpec: { Image: 'r/edge@sha256:1', Secrets: [{ SecretID: 's1', File: { Name: 'plimsoll-edge.key', UID: '65532', Mode: 0o400 } }] },
    },
    EndpointSpec: { Mode: 'dnsrr', Ports: [{ TargetPort: 8_080, PublishedPort: 80, PublishMode: 'host' }, { TargetPort: 4_075, PublishedPort: 4_075, PublishMode: 'host' }] },
  })
})

test('whatever is wanted otherwise makes another service, and what is wanted again does not', () => {
  const keys = [{ id: 's1', name: 'plimsoll-edge-key', file: 'plimsoll-edge.key' }]
  const { Labels } = edgeSpec(place, wanted, keys)
  expect(isMadeFrom(edgeSpec(place, wanted, keys), Labels)).toBe(true)
  const others = [{ image: 'r/edge@sha256:2' }, { uid: 1 }, { constraint: 'node.role == worker' }, { ports: { users: 8_080, control: 4_075 } }, { pace: { hasStart: true } }]
  expect(others.map((other) => isMadeFrom(edgeSpec(place, { ...wanted, ...other }, keys), Labels))).toEqual(others.map(() => false))
  expect(isMadeFrom(edgeSpec(place, wanted, []), Labels)).toBe(false)
  expect(isMadeFrom(edgeSpec(place, wanted, keys), {})).toBe(false)
})

test.each([false, true])('a machine that is busy for a minute does not lose its edge, whatever patience the image has, and one that starts is asked at once: %s', (hasStart) => {
  const { TaskTemplate: { ContainerSpec: { Healthcheck } } } = edgeSpec(place, { ...wanted, pace: { hasStart } }, [])
  const { Timeout = 0, Retries = 0, StartInterval = 0, Interval } = Healthcheck
  expect(Healthcheck, 'the question is that of the image').not.toHaveProperty('Test')
  expect((Timeout * Retries) / 1e9).toBeGreaterThanOrEqual(60)
  expect(StartInterval).toBeLessThanOrEqual(2e9)
  // An engine that knows no other pace for the start goes by the image's.
  expect(Interval).toBe(hasStart ? 10e9 : undefined)
})
