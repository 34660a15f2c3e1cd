import { appNameSchema } from '@plimsoll/model'
import { rememberCluster } from '@plimsoll/api/launch'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { placeCalled, placedIn, sessionOf } from './place-in.ts'
import type { Session } from './session.ts'

const none = new PassThrough() as unknown as NodeJS.WriteStream
const session: Session = {
  environment: {}, directory: '/nowhere', input: new PassThrough() as unknown as NodeJS.ReadStream, out: none, err: none,
  server: (at) => ({ url: at ?? 'https://typed.example.com', token: 't' }), interrupted: new AbortController().signal, partWith: () => undefined, exitWith: () => undefined,
}
const place = { name: 'staging', driver: 'process', app: appNameSchema.parse('shop-staging'), server: undefined, domains: true, cluster: undefined, values: {} } as const

test('a driver is meant by its name without a configuration being read', async () => {
  expect(await placedIn(session, undefined, { file: 'render.yaml', on: 'docker' })).toEqual({ session, options: { file: 'render.yaml', on: 'docker' } })
  expect(await placedIn(session, undefined, { file: 'render.yaml', app: 'shop' })).toEqual({ session, options: { file: 'render.yaml', app: 'shop' } })
})

test('a place that names a Plimsoll is asked there, and any other where the command says', () => {
  expect(sessionOf(session, { ...place, server: 'https://place.example.com' }).server()?.url).toBe('https://place.example.com')
  expect(sessionOf(session, place).server()?.url).toBe('https://typed.example.com')
})

describe('a place that tells of its cluster', () => {
  const cluster = { PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376,tcp://10.0.0.12:2376', PLIMSOLL_SWARM_REGISTRY: 'registry.example.com/shop', PLIMSOLL_SWARM_EDGE_IMAGE: 'registry.example.com/edge@sha256:1' }
  const production = { ...place, driver: 'swarm', cluster } as const
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'place-in-'))
  })
  afterEach(() => rm(home, { recursive: true }))
  const here = (environment: NodeJS.ProcessEnv = {}): Session => ({ ...session, server: () => undefined, environment: { PLIMSOLL_HOME: home, ...environment } })
  const knows = (...managers: readonly [string, ...string[]]) => rememberCluster(home, { managers, registry: 'r', dataLabel: 'd', edges: { image: 'e', uid: 1, constraint: 'c', port: 80 } })

  test('has the Plimsoll of this machine started with it', () => {
    expect(sessionOf(here(), production).environment).toEqual({ PLIMSOLL_HOME: home, ...cluster })
  })

  test('is not heard where the environment names a cluster: that counts, and alone', () => {
    const own = { PLIMSOLL_SWARM_MANAGERS: 'tcp://10.9.9.9:2376' }
    expect(sessionOf(here(own), production).environment).toEqual({ PLIMSOLL_HOME: home, ...own })
  })

  test('does not choose where a Plimsoll of another machine connects to', () => {
    expect(() => sessionOf(session, production)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT' }))
  })

  test('does not move the apps of this Plimsoll out of the cluster where they live, and may name other managers of the same one', async () => {
    await knows('tcp://10.0.0.12:2376')
    expect(sessionOf(here(), production).environment).toMatchObject(cluster)
    await knows('tcp://172.16.0.1:2376')
    expect(() => sessionOf(here(), production)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT', message: expect.stringContaining('tcp://172.16.0.1:2376') }))
  })
})

test('a place that is not there is told with those that are', () => {
  expect(placeCalled('staging', new Map([['staging', place]]))).toBe(place)
  expect(() => placeCalled('stagin', new Map([['staging', place]]))).toThrow(expect.objectContaining({ code: 'USAGE', hint: 'plimsoll.config.ts names staging.' }))
})
