import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { fakeEngines } from '../../test/fake-engines.ts'
import { createImageBuilder } from './image-builder.ts'

const { serve } = fakeEngines({ beforeEach, afterEach })

test('nothing is pruned while an image is taken that is not built here, and none is taken while something is pruned', async () => {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-builder-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const did: string[] = []
  const engine = await serve('1.41', (_, response) => {
    asked.resolve(void did.push('asked to prune'))
    void answered.promise.then(() => response.end(did.push('pruned') && '{"SpaceReclaimed":0}'))
  })
  const builder = createImageBuilder({ home, machine: {}, engine, cacheBytes: 1 })
  const room = { keep: [], maxBytes: 0, minFreeBytes: 0, usedBefore: 0, unusedSince: 0 }
  const taken = Promise.withResolvers<void>()
  const taking = builder.unpruned(() => taken.promise)
  expect([await builder.prune(room), did]).toEqual([[], []])
  taken.resolve()
  await taking
  const pruning = builder.prune(room)
  await asked.promise
  const next = builder.unpruned(async () => void did.push('taken'))
  answered.resolve()
  await Promise.all([pruning, next])
  expect(did).toEqual(['asked to prune', 'pruned', 'taken'])
})
