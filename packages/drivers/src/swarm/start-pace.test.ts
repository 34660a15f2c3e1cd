import { expect, test } from 'vitest'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { knowsStart, paceOfCluster } from './start-pace.ts'

test.each([
  ['20.10.24+dfsg1', false], ['24.0.9', false], ['25.0.0', false], ['25.0.0-rc.1', false], ['', false], ['dev', false],
  ['25.0.1', true], ['25.0.5', true], ['25.1.0', true], ['26.0.0', true], ['28.2.2', true], ['100.0.0', true],
])('an engine of version %j asks what starts at a pace of its own: %s', (version, knows) => {
  expect(knowsStart(version)).toBe(knows)
})

test('one machine with an older engine, also one that is away, has all asked at its pace', async () => {
  const paceOf = async (...versions: readonly string[]) => {
    const nodes = versions.map((EngineVersion) => ({ Description: { Engine: { EngineVersion } } }))
    const read: DockerEngine['read'] = async (schema) => schema.parse(nodes)
    return paceOfCluster({ read } as Partial<DockerEngine> as DockerEngine, new AbortController().signal)
  }
  expect(await paceOf('28.2.2', '25.0.5')).toEqual({ hasStart: true })
  expect(await paceOf('28.2.2', '20.10.24+dfsg1')).toEqual({ hasStart: false })
  expect(await paceOf('28.2.2', '')).toEqual({ hasStart: false })
})
