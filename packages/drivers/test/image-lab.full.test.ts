import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { appNameSchema, unitSpecSchema, type Artifact } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Builder } from '../src/build/builder.ts'
import { openDockerEngine, type DockerEngine } from '../src/docker-engine/docker-engine.ts'
import { createImageBuilder, type ImageBuilderOptions } from '../src/image/image-builder.ts'
import { createDockerLab, standInImage, whyNoDockerLab, type DockerLab } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = whyNoDockerLab()
const usageSchema = z.object({ BuildCache: z.array(z.object({ Size: z.number(), InUse: z.boolean() })).nullable() })
const limit = 300_000

describe.skipIf(missing !== undefined)(`images on an engine of their own${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: DockerLab
  let engine: DockerEngine
  let home: string
  let repository: ScratchRepository
  let mounted: string | undefined

  beforeEach(async () => {
    lab = createDockerLab()
    engine = openDockerEngine(lab.address)
    home = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-images-')))
    repository = await scratchRepository({ 'package.json': '{"name":"shop","private":true}' })
    mounted = undefined
  })
  afterEach(async () => {
    await lab.cutPower()
    if (mounted !== undefined) execFileSync('umount', ['--lazy', mounted])
    await lab.remove()
    await repository.remove()
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }, limit)

  const builder = (more: Partial<ImageBuilderOptions> = {}): Builder => createImageBuilder({ home, machine: { ...process.env, DOCKER_HOST: `unix://${lab.directory}/socket` }, engine, ...more })

  async function build(by: Builder, steps: string): Promise<Artifact> {
    await repository.write({ Dockerfile: `FROM ${(await standInImage(engine, 'slim', never)).name}\n${steps}\nCMD ["node", "main.js"]\n` })
    await repository.commit('another Dockerfile')
    const spec = unitSpecSchema.parse({ service: 'own', kind: 'web', runtime: 'docker', rootDir: '', docker: { dockerfile: 'Dockerfile', context: '' }, maxShutdownDelayMs: 1000, instances: 1 })
    return by.build({ app: appNameSchema.parse('shop'), spec, source: await readSource(repository.root), environment: {}, output: () => undefined }, never)
  }

  async function cachedBytes(): Promise<number> {
    const { BuildCache } = await engine.read(usageSchema, { path: '/system/df', to: 'say what it holds' }, never)
    return (BuildCache ?? []).reduce((sum, { Size }) => sum + Size, 0)
  }

  test('what an engine keeps to build faster stays within its room, and the images stay', { timeout: limit }, async () => {
    await lab.boot()
    const image = await build(builder(), 'RUN --mount=type=cache,target=/cache dd if=/dev/zero of=/cache/file bs=1M count=30')
    const room = { keep: [image.digest], maxBytes: 1e9, minFreeBytes: 0, usedBefore: Date.now(), unusedSince: 0 }
    await builder({ cacheBytes: 1e9 }).prune(room)
    expect(await cachedBytes()).toBeGreaterThan(30e6)
    await builder({ cacheBytes: 1e6 }).prune(room)
    expect(await cachedBytes()).toBeLessThan(1e6)
    expect((await engine.call({ path: `/images/${image.digest}/json`, to: 'look', also: [404] }, never)).status).toBe(200)
  })

  test("a build that fills the engine's disk says so, and the engine goes on", { timeout: limit }, async () => {
    mounted = path.join(lab.directory, 'data')
    mkdirSync(mounted)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600m', 'tmpfs', mounted])
    await lab.boot()
    const failed: unknown = await build(builder(), 'RUN dd if=/dev/zero of=/file bs=1M count=700').catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('own') })
    expect(await build(builder(), 'RUN echo small >/file')).toMatchObject({ fresh: true })
  })
})
