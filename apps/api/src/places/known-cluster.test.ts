import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { clusterMark, clusterMarkIn } from '../swarm-settings.ts'
import { knownCluster, rememberCluster } from './known-cluster.ts'

const variables = { PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376,tcp://10.0.0.12:2376', PLIMSOLL_SWARM_REGISTRY: 'registry.example.com/shop', PLIMSOLL_SWARM_EDGE_IMAGE: 'registry.example.com/edge@sha256:1' }
const { swarm } = readConfig(variables)
let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'known-cluster-'))
})
afterEach(() => rm(home, { recursive: true }))

test('a home knows the cluster that it was last used with, and none before', async () => {
  expect(knownCluster(home)).toBeUndefined()
  if (swarm === undefined) throw new Error('a cluster is named')
  await rememberCluster(home, { ...swarm, registry: 'elsewhere.example.com' })
  await rememberCluster(home, swarm)
  expect(knownCluster(home)).toEqual(swarm)
  expect(clusterMark(knownCluster(home))).toBe(clusterMarkIn(variables))
})

test('another setting is another mark, and no cluster has none', () => {
  expect(clusterMarkIn({ ...variables, PLIMSOLL_SWARM_EDGE_PORT: '80' })).toBe(clusterMark(swarm))
  expect(clusterMarkIn({ ...variables, PLIMSOLL_SWARM_EDGE_PORT: '8080' })).not.toBe(clusterMark(swarm))
  expect(clusterMarkIn({})).toBeUndefined()
  expect(clusterMarkIn({ PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376' }), 'told by the Plimsoll that is started with it').toBeUndefined()
})
