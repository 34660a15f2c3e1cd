import { appNameSchema, copyName, ownerOfCopies, releaseNumberSchema, serviceNameSchema, unitName, type Unit } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { clusterNetwork, execName, instanceHost, serviceName } from './cluster-names.ts'

const place = { home: '/nowhere', id: '0123456789abcdef' }
const release = releaseNumberSchema.parse(12_345)
const unitOf = (appName: string, name: string): [ReturnType<typeof appNameSchema.parse>, Unit] => {
  const [app, service] = [appNameSchema.parse(appName), serviceNameSchema.parse(name)]
  return [app, { name: unitName(app, service, release), service, release }]
}

test('units of the same name have services of their own, and so have two places', () => {
  const names = [unitOf('a-b', 'c'), unitOf('a', 'b-c')].map(([app, unit]) => serviceName(place, app, unit))
  expect(new Set([...names, serviceName({ ...place, id: 'ffff' }, ...unitOf('a', 'b-c'))]).size).toBe(3)
})

test.each(['shop', 'x'.repeat(63)])('every name of an app called %s is short enough for a cluster, and for Linux', (name) => {
  const [app, unit] = unitOf(name, 'y'.repeat(200))
  for (const each of [serviceName(place, app, unit), execName(place, app, unit), clusterNetwork(place, app)]) expect(each).toMatch(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/)
  expect(instanceHost(app, unit, '9999').length).toBeLessThanOrEqual(63)
})

test('copies of one verification have one network, which no App and no other verification has', () => {
  const [copy, other, owner] = [copyName('a1b2', 0), copyName('a1b2', 'live'), ownerOfCopies('a1b2')].map((app) => clusterNetwork(place, app))
  expect([copy, other]).toEqual([owner, owner])
  expect(new Set([owner, ...['a1b3', 'a1b'].map((run) => clusterNetwork(place, copyName(run, 0))), clusterNetwork(place, appNameSchema.parse('shop'))]).size).toBe(4)
})
