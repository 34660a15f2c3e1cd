import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { digestSchema, serviceNameSchema, type Digest } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ArtifactManifest } from './artifact-manifest.ts'
import { createArtifactStore, type ArtifactStore } from './artifact-store.ts'

let home: string
let store: ArtifactStore
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'plimsoll-store-'))
  store = createArtifactStore(home)
})
afterEach(() => rm(home, { recursive: true, force: true }))

const name = (letter: string): Digest => digestSchema.parse(`sha256:${letter.repeat(64)}`)
const manifest = (digest: Digest, inputs: Digest): ArtifactManifest => ({
  format: 1, app: 'demo', entries: [], dirty: false, tools: [], tried: '',
  artifact: { service: serviceNameSchema.parse('api'), digest, inputs, files: store.filesOf(digest), sizeBytes: 1, fileCount: 1, layout: 'traced', assets: [], publicValues: {}, builtAt: new Date(0).toISOString(), fresh: true, buildMs: 1 },
})

async function keep(digest: Digest, inputs: Digest, daysAgo = 0): Promise<void> {
  const staged = await store.stage()
  await mkdir(path.join(staged, 'files'))
  await writeFile(path.join(staged, 'files/main.js'), digest)
  await store.keep(staged, manifest(digest, inputs))
  const then = new Date(Date.now() - daysAgo * 86_400_000)
  await utimes(path.dirname(store.filesOf(digest)), then, then)
}

describe('the artifact store', () => {
  test('finds by inputs what was kept, and nothing for other inputs', async () => {
    await keep(name('a'), name('1'))
    expect((await store.find(name('1')))?.artifact.files).toBe(store.filesOf(name('a')))
    expect(await store.find(name('2'))).toBeUndefined()
  })

  test('keeps equal content once, under all of its inputs', async () => {
    await keep(name('a'), name('1'))
    await keep(name('a'), name('2'))
    expect(await readdir(path.join(home, 'artifacts'))).toHaveLength(1)
    expect(await readdir(path.join(home, 'scratch'))).toEqual([])
    expect((await store.find(name('2')))?.artifact.digest).toBe(name('a'))
  })

  test('takes a torn record, and one whose files are gone, for no record', async () => {
    await keep(name('a'), name('1'))
    await writeFile(path.join(home, 'inputs', `${'1'.repeat(64)}.json`), '{"format":1,')
    expect(await store.find(name('1'))).toBeUndefined()
    await keep(name('b'), name('2'))
    await rm(path.join(home, 'artifacts'), { recursive: true })
    expect(await store.find(name('2'))).toBeUndefined()
  })

  const day = 86_400_000
  const empty = { maxBytes: 0, minFreeBytes: 0 }

  test('prunes what was used longest ago until the rest has room, and never what is named or was used since', async () => {
    await keep(name('a'), name('1'), 9)
    await keep(name('b'), name('2'), 8)
    await keep(name('c'), name('3'), 7)
    await keep(name('d'), name('4'), 0)
    const yesterday = Date.now() - day
    expect(await store.prune({ keep: [name('a')], usedBefore: yesterday, maxBytes: 4, minFreeBytes: 0 })).toEqual([])
    expect(await store.prune({ keep: [name('a')], usedBefore: yesterday, maxBytes: 3, minFreeBytes: 0 })).toEqual([name('b')])
    expect(await store.prune({ keep: [name('a')], usedBefore: yesterday, ...empty })).toEqual([name('c')])
    expect((await readdir(path.join(home, 'artifacts'))).sort()).toEqual(['a'.repeat(64), 'd'.repeat(64)])
    expect(await store.find(name('2'))).toBeUndefined()
    expect(await store.prune({ keep: [], usedBefore: yesterday, ...empty })).toEqual([name('a')])
    expect(await readdir(path.join(home, 'inputs'))).toEqual([`${'4'.repeat(64)}.json`])
  })

  test('prunes for the disk as well: all that may go where no disk has enough', async () => {
    await keep(name('a'), name('1'), 9)
    await keep(name('b'), name('2'), 8)
    const roomy = { keep: [name('b')], usedBefore: Date.now(), maxBytes: 100 }
    expect(await store.prune({ ...roomy, minFreeBytes: 0 })).toEqual([])
    expect(await store.prune({ ...roomy, minFreeBytes: Number.MAX_SAFE_INTEGER })).toEqual([name('a')])
  })

  test('drops what is to go although there is room, but nothing that is named besides or was used since', async () => {
    for (const [digest, inputs] of [['a', '1'], ['b', '2'], ['c', '3'], ['d', '4']] as const) await keep(name(digest), name(inputs), digest === 'c' ? 0 : 9)
    const room = { maxBytes: Number.MAX_SAFE_INTEGER, minFreeBytes: 0, usedBefore: Date.now() - day }
    expect(await store.prune({ ...room, keep: [name('b')], drop: [name('a'), name('b'), name('c')] })).toEqual([name('a')])
    expect(await Promise.all(['1', '2', '3', '4'].map(async (inputs) => (await store.find(name(inputs))) !== undefined))).toEqual([false, true, true, true])
  })

  test('sweeps the staging of dead processes only', async () => {
    const mine = await store.stage()
    const dead = path.join(home, 'scratch', '1-7-1')
    await mkdir(dead)
    await store.sweep()
    expect(await stat(mine).then(() => true)).toBe(true)
    await expect(stat(dead)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
