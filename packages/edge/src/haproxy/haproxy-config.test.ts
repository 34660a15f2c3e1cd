import { expect, test } from 'vitest'
import { haproxyConfig, type HaproxyPlan, laneNames } from './haproxy-config.ts'
import { generationOf, haproxyPaths } from './haproxy-paths.ts'

const plan: HaproxyPlan = {
  paths: haproxyPaths('/home/edge', 2),
  binds: [{ port: 4080, fd: 3 }, { port: 4080, fd: 4 }, { port: 4100, fd: 5 }],
  sharedPort: 4080,
  limits: { headersMs: 20_000, silenceMs: 60_000, idleMs: 75_000, connections: 10_000, headBytes: 32_768 },
  trustedFronts: ['127.0.0.1', 'unix', '10.0.0.0/8'],
  hasTerm: false,
}

test('it accepts on the sockets that it is given, and says which port each is', () => {
  const binds = haproxyConfig(plan).split('\n').filter((line) => line.startsWith('  bind'))
  expect(binds).toEqual(['  bind fd@3 name p4080', '  bind fd@4 name p4080', '  bind fd@5 name p4100'])
})

test('it names no app: two edges with the same ports are started alike, and a release changes nothing', () => {
  const text = haproxyConfig(plan)
  expect(text).toContain('default_backend edge')
  expect(text.match(/^backend lane/gm)).toHaveLength(laneNames.length)
  expect(text).toContain('acl from_front src 127.0.0.1 10.0.0.0/8')
})

test('without a trusted front nobody is believed', () => {
  expect(haproxyConfig({ ...plan, trustedFronts: ['unix'] })).toContain('acl from_front src 255.255.255.255')
})

test('a configuration tells its generation', () => {
  expect([generationOf('h12.cfg'), generationOf('h12.sock'), generationOf('other.cfg')]).toEqual([12, undefined, undefined])
})
