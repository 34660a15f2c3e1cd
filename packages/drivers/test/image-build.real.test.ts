import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BuildRequest } from '@plimsoll/engine'
import { appNameSchema, unitSpecSchema, type Artifact, type LogLine } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Builder } from '../src/build/builder.ts'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { findBuildClient } from '../src/image/build-client.ts'
import { createImageBuilder, type ImageBuilderOptions } from '../src/image/image-builder.ts'
import { hasImage, removeImageNames } from '../src/image/image-names.ts'
import { standInImage, whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)
const address = engineAddress({})

const files = {
  'package.json': '{"name":"shop","private":true}',
  'own/Dockerfile': 'ARG BASE\nFROM ${BASE}\nARG NEXT_PUBLIC_NAME\nARG TOKEN\nWORKDIR /srv\nRUN --mount=type=secret,id=TOKEN echo "$NEXT_PUBLIC_NAME ${TOKEN:-no token} $(cat /run/secrets/TOKEN | wc -c)" > said\nCOPY . .\nCMD ["node", "main.js"]\n',
  'own/main.js': 'console.log(require("node:fs").readFileSync("said", "utf8"))',
}

describe.skipIf(missing !== undefined)(`images${missing === undefined ? '' : ` (${missing})`}`, () => {
  const engine = openDockerEngine(engineAddress(process.env))
  const made = new Set<string>()
  let home: string
  let repository: ScratchRepository
  let base: string
  let lines: LogLine[]

  beforeAll(async () => {
    home = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-images-')))
    repository = await scratchRepository(files)
    base = (await standInImage(engine, 'slim', never)).name
  })
  afterAll(async () => {
    for (const id of made) await removeImageNames(engine, id, never)
    await repository.remove()
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  })
  beforeEach(() => {
    lines = []
  })

  const builder = (more: Partial<ImageBuilderOptions> = {}): Builder => createImageBuilder({ home, machine: process.env, engine, ...more })

  async function build(change: { by?: Builder; spec?: object; environment?: Record<string, string>; signal?: AbortSignal; onLine?: (line: LogLine) => void } = {}): Promise<Artifact> {
    const own = { service: 'own', kind: 'web', runtime: 'docker', rootDir: 'own', docker: { dockerfile: 'Dockerfile', context: '' }, maxShutdownDelayMs: 1000, instances: 1 }
    const request: BuildRequest = {
      app: appNameSchema.parse('images-test'), spec: unitSpecSchema.parse({ ...own, ...change.spec }), source: await readSource(repository.root),
      environment: { BASE: base, NEXT_PUBLIC_NAME: 'shop', TOKEN: 'very-secret', ...change.environment }, secrets: ['TOKEN'], output: (line) => {
        lines.push(line)
        change.onLine?.(line)
      },
    }
    const artifact = await (change.by ?? builder()).build(request, change.signal ?? never)
    made.add(artifact.digest)
    return artifact
  }

  test('a Dockerfile of the repository is built, its arguments get what is public, and a secret is only mounted', async () => {
    const artifact = await build()
    expect(artifact).toMatchObject({ service: 'own', layout: 'image', image: artifact.digest, fresh: true, publicValues: { NEXT_PUBLIC_NAME: 'shop' } })
    const { body } = await engine.call({ path: `/images/${artifact.digest}/history`, to: 'look' }, never)
    expect(body).not.toContain('very-secret')
    expect(lines.map(({ text }) => text).join('\n')).toContain('ARG TOKEN is not given its value')
    const { Config: { Labels } } = await engine.read(z.object({ Config: z.object({ Labels: z.record(z.string(), z.string()) }) }), { path: `/images/${artifact.digest}/json`, to: 'look' }, never)
    expect(Labels).toMatchObject({ 'plimsoll.inputs': artifact.inputs, 'plimsoll.sbom': expect.stringMatching(/^sha256:/) })
    expect(JSON.parse(await readFile(path.join(artifact.files, '../sbom.cdx.json'), 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX' })
  })

  test('equal inputs are found again without a build, and built anew once their image is gone', async () => {
    const first = await build()
    expect(await build()).toMatchObject({ digest: first.digest, fresh: false })
    await removeImageNames(engine, first.digest, never)
    expect(await build()).toMatchObject({ inputs: first.inputs, fresh: true })
  })

  test('an image that there is no room for goes with its files, and one that is named stays', async () => {
    const [kept, other] = [await build(), await build({ environment: { NEXT_PUBLIC_NAME: 'another' } })]
    const room = { maxBytes: 1, minFreeBytes: 0, usedBefore: Date.now() + 1000, unusedSince: 0 }
    expect(await builder().prune({ ...room, keep: [kept.digest] })).toContain(other.digest)
    expect(await Promise.all([kept, other].map(({ digest }) => hasImage(engine, digest, never)))).toEqual([true, false])
  })

  test('a step that fails is told with its last lines, and no secret stays on the disk', async () => {
    await repository.write({ 'own/Dockerfile': 'ARG BASE\nFROM ${BASE}\nRUN --mount=type=secret,id=env . /run/secrets/env && echo "told ${#TOKEN} letters" && exit 3\n' })
    await repository.commit('fails')
    await expect(build()).rejects.toMatchObject({ code: 'BUILD_FAILED', details: { log: expect.arrayContaining(['told 11 letters']), dockerfile: expect.stringContaining('own/Dockerfile') } })
    expect((await readdir(home, { recursive: true })).filter((name) => name.includes('secrets'))).toEqual([])
  })

  test('a build that is not wanted any more ends with everything that it started', async () => {
    await repository.write({ 'own/Dockerfile': 'ARG BASE\nFROM ${BASE}\nRUN echo begun; while true; do sleep 1; done\n' })
    await repository.commit('goes on')
    const cut = new AbortController()
    const ended = build({ signal: cut.signal, onLine: ({ text }) => { if (text === 'begun') cut.abort(new Error('not wanted')) } })
    await expect(ended).rejects.toThrow('not wanted')
  })

  test('a base image that cannot be pulled is named', async () => {
    await repository.write({ 'own/Dockerfile': 'FROM registry.invalid/base:1\n' })
    await repository.commit('no base')
    await expect(build()).rejects.toMatchObject({ code: 'OFFLINE', message: expect.stringContaining('registry.invalid/base:1') })
  })
})

test('a machine without docker, or with one that cannot drive BuildKit, is told what to install', async () => {
  const place = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-client-')))
  try {
    await expect(findBuildClient({ PATH: place }, address, never)).rejects.toMatchObject({ code: 'TOOL_MISSING', message: expect.stringContaining('no docker on PATH') })
    await writeFile(path.join(place, 'docker'), '#!/bin/sh\n[ "$1" = --version ] && echo "Docker version 28.2.2, build 1" || exit 1\n', { mode: 0o755 })
    await expect(findBuildClient({ PATH: place }, address, never)).rejects.toMatchObject({ code: 'TOOL_MISSING', message: expect.stringContaining(`${place}/docker cannot drive BuildKit`), hint: expect.stringContaining('buildx') })
    await writeFile(path.join(place, 'docker'), '#!/bin/sh\n[ "$1" = --version ] && echo "Docker version 20.10.24, build 1" || exit 1\n', { mode: 0o755 })
    expect(await findBuildClient({ PATH: place }, address, never)).toMatchObject({ program: `${place}/docker`, viaBuildx: false })
  } finally {
    await rm(place, { recursive: true })
  }
})
