import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appNameSchema, unitSpecSchema } from '@plimsoll/model'
import { scratchRepository } from '@plimsoll/repository/scratch-repository'
import { readSource } from '@plimsoll/repository'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { fakeEngines } from '../../test/fake-engines.ts'
import { openDockerEngine } from '../docker-engine/docker-engine.ts'
import { createImageBuilder } from './image-builder.ts'

const never = new AbortController().signal
const { serve, directory } = fakeEngines({ beforeEach, afterEach })

test('a build that fails because its engine went away in the middle of it says that, whatever the client says', async () => {
  const repository = await scratchRepository({ Dockerfile: 'FROM scratch\n' })
  onTestFinished(() => repository.remove())
  const program = '#!/bin/sh\ncase "$1" in\n--version) echo Docker version 20.10.24 ;;\nbuild) echo transport is closing >&2; exit 1 ;;\n*) exit 1 ;;\nesac\n'
  await writeFile(join(directory(), 'docker'), program, { mode: 0o755 })
  const spec = unitSpecSchema.parse({ service: 'own', kind: 'web', runtime: 'docker', rootDir: '', docker: { dockerfile: 'Dockerfile', context: '' }, maxShutdownDelayMs: 1000, instances: 1 })
  const request = { app: appNameSchema.parse('shop'), spec, source: await readSource(repository.root), environment: {}, output: () => undefined }
  const built = (engine: Parameters<typeof createImageBuilder>[0]['engine']) => createImageBuilder({ home: directory(), machine: { PATH: `${directory()}:/usr/bin:/bin` }, engine }).build(request, never)
  await expect(built(openDockerEngine({ via: 'socket', path: join(directory(), 'nothing.sock') }))).rejects.toMatchObject({ code: 'ENGINE_DOWN' })
  await expect(built(await serve('1.41'))).rejects.toMatchObject({ code: 'BUILD_FAILED' })
})

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
