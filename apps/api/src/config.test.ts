import { isPlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { homeIn, readConfig } from './config.ts'

test('the home is PLIMSOLL_HOME, else below XDG_STATE_HOME, else below the user\'s own', () => {
  expect(homeIn({ PLIMSOLL_HOME: '/a', XDG_STATE_HOME: '/b' })).toBe('/a')
  expect(homeIn({ XDG_STATE_HOME: '/b' })).toBe('/b/plimsoll')
  expect(homeIn({})).toMatch(/\/\.local\/state\/plimsoll$/)
})

test('everything that is wrong is told at once', () => {
  const error: unknown = (() => {
    try {
      return readConfig({ PLIMSOLL_HOME: 'relative', PLIMSOLL_EDGE_PORT: '99999' })
    } catch (thrown) {
      return thrown
    }
  })()
  expect(isPlimsollError(error) && error.code).toBe('USAGE')
  expect(String(error)).toContain('PLIMSOLL_HOME')
  expect(String(error)).toContain('PLIMSOLL_EDGE_PORT')
})

test('the room on the disk is told in megabytes, and none is an answer too', () => {
  expect(readConfig({}).limits).toEqual({ artifactBytes: 10_240e6, assetBytes: 1_024e6, buildCacheBytes: 20_480e6, freeBytes: 1_024e6 })
  expect(readConfig({ PLIMSOLL_ARTIFACTS_MB: '500', PLIMSOLL_ASSETS_MB: '0', PLIMSOLL_BUILD_CACHE_MB: '1', PLIMSOLL_FREE_MB: '0' }).limits).toEqual({ artifactBytes: 500e6, assetBytes: 0, buildCacheBytes: 1e6, freeBytes: 0 })
  expect(() => readConfig({ PLIMSOLL_FREE_MB: '-1' })).toThrow(/PLIMSOLL_FREE_MB/)
})

test('Render is reached where its own API is unless another place is named, and needs no key before an app lives there', () => {
  expect(readConfig({}).render).toEqual({ apiKey: undefined, base: 'https://api.render.com/v1', workspace: undefined })
  expect(readConfig({ RENDER_API_KEY: 'rnd_1', RENDER_HOST: 'http://127.0.0.1:4000/v1/', RENDER_WORKSPACE: 'Acme' }).render).toEqual({ apiKey: 'rnd_1', base: 'http://127.0.0.1:4000/v1', workspace: 'Acme' })
  expect(() => readConfig({ RENDER_HOST: 'api.render.com' })).toThrow(/RENDER_HOST/)
})

test('the edge listens itself unless HAProxy is asked for by name', () => {
  expect(readConfig({}).haproxy).toBeUndefined()
  expect(() => readConfig({ PLIMSOLL_EDGE: 'nginx' })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('PLIMSOLL_EDGE') }))
})

test('the API is for this machine alone unless it is told otherwise, and a token that is given must be long', () => {
  expect(readConfig({})).toMatchObject({ apiHost: '127.0.0.1', apiToken: undefined })
  expect(readConfig({ PLIMSOLL_API_HOST: '0.0.0.0', PLIMSOLL_API_TOKEN: 'x'.repeat(32) })).toMatchObject({ apiHost: '0.0.0.0', apiToken: 'x'.repeat(32) })
  expect(() => readConfig({ PLIMSOLL_API_HOST: 'everywhere', PLIMSOLL_API_TOKEN: 'short' })).toThrow(/PLIMSOLL_API_HOST.*PLIMSOLL_API_TOKEN/s)
})

test('the key of secrets is a file of the home, unless it is given, and then in one way', () => {
  expect(readConfig({}).secretKey).toBeUndefined()
  expect(readConfig({ PLIMSOLL_SECRET_KEY: 'a key' }).secretKey).toEqual({ text: 'a key' })
  expect(readConfig({ PLIMSOLL_SECRET_KEY_FILE: '/run/secrets/key' }).secretKey).toEqual({ file: '/run/secrets/key' })
  expect(() => readConfig({ PLIMSOLL_SECRET_KEY: 'a key', PLIMSOLL_SECRET_KEY_FILE: '/run/secrets/key' })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.not.stringContaining('a key') }))
})

test('as a unit of a Blueprint it takes the port and the address that it was given, and needs a database', () => {
  const given = { RENDER: 'true', PORT: '10000', RENDER_EXTERNAL_URL: 'http://localhost:4100', RENDER_INSTANCE_ID: 'api-1', DATABASE_URL: 'postgresql://db/plimsoll' }
  expect(readConfig(given)).toMatchObject({ apiPort: 10_000, asUnit: { url: 'http://localhost:4100', servedBy: 'api-1' } })
  expect(readConfig({ ...given, PLIMSOLL_API_PORT: '4070' }).apiPort).toBe(4_070)
  expect(() => readConfig({ RENDER: 'true', PORT: '10000' })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('DATABASE_URL') }))
})

test('a PORT that happens to be set is for something else', () => {
  expect(readConfig({ PORT: '3000' })).toMatchObject({ apiPort: 0, asUnit: undefined })
})

test('a cluster is known by its managers, and is nothing without where its images come from', () => {
  const cluster = { PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376, ssh://ops@10.0.0.12', PLIMSOLL_SWARM_REGISTRY: 'registry.example.com/shop/', PLIMSOLL_SWARM_EDGE_IMAGE: 'registry.example.com/edge@sha256:1' }
  expect(readConfig({}).swarm).toBeUndefined()
  expect(readConfig(cluster).swarm).toEqual({
    managers: ['tcp://10.0.0.11:2376', 'ssh://ops@10.0.0.12'], registry: 'registry.example.com/shop', dataLabel: 'plimsoll.data',
    edges: { image: 'registry.example.com/edge@sha256:1', uid: 65_532, constraint: 'node.labels.plimsoll.edge == true', port: 80 },
  })
  expect(() => readConfig({ PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376' })).toThrow(/PLIMSOLL_SWARM_REGISTRY, PLIMSOLL_SWARM_EDGE_IMAGE/)
})
