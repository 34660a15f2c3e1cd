import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, realpath, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { appNameSchema, unitSpecSchema, type Artifact } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBuilder, type Builder } from '../src/build/builder.ts'

const ballastBytes = 400_000
const roomy = { maxBytes: 1e12, minFreeBytes: 0, unusedSince: 0 }
const short = { ...roomy, minFreeBytes: Number.MAX_SAFE_INTEGER }

let home: string
let repository: ScratchRepository
let builder: Builder
beforeEach(async () => {
  home = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-prune-')))
  repository = await scratchRepository({ 'package.json': '{"name":"shop","private":true}', 'main.mjs': "import 'node:http'\n" }, { git: true })
  builder = createBuilder({ home, machine: process.env })
})
afterEach(async () => {
  await repository.remove()
  await rm(home, { recursive: true, force: true, maxRetries: 3 })
})

/** Builds `service` anew, with 400 kB of its own in it. */
async function build(service = 'web', onLine: () => void = () => undefined): Promise<Artifact> {
  await repository.write({ 'ballast.txt': randomBytes(ballastBytes / 2).toString('hex') })
  await repository.commit('more')
  const spec = unitSpecSchema.parse({ service, kind: 'worker', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1000, instances: 1, reaches: [], buildCommand: 'echo building && node --check main.mjs', startCommand: 'node main.mjs' })
  return builder.build({ app: appNameSchema.parse('shop'), spec, source: await readSource(repository.root), environment: {}, output: onLine }, new AbortController().signal)
}

const artifacts = async (): Promise<string[]> => (await readdir(path.join(home, 'artifacts'))).map((name) => `sha256:${name}`).toSorted()
const workDirectories = async (): Promise<string[]> => {
  const services = await readdir(path.join(home, 'builds/shop'))
  const found = await Promise.all(services.map(async (service) => ((await readdir(path.join(home, 'builds/shop', service))).includes('source') ? [service] : [])))
  return found.flat().toSorted()
}

test('artifacts go oldest first until the rest has room, but not those that are needed or came since', async () => {
  const [first, second] = [await build(), await build()]
  // The file system's clock may be some milliseconds behind.
  const beforeThird = Date.now() - 50
  const [third, fourth] = [await build(), await build()]
  const since = Date.now() + 1
  const keep = [first.digest]
  const all = 4 * first.sizeBytes
  expect(await builder.prune({ ...roomy, keep, usedBefore: since, maxBytes: all })).toEqual([])
  expect(await builder.prune({ ...roomy, keep, usedBefore: since, maxBytes: all - 1 })).toEqual([second.digest])
  expect(await builder.prune({ ...roomy, keep, usedBefore: beforeThird, maxBytes: 0 })).toEqual([])
  expect(await builder.prune({ ...roomy, keep, usedBefore: since, maxBytes: 0 })).toEqual([third.digest, fourth.digest])
  expect(await artifacts()).toEqual([first.digest])
})

test('work directories go when they were not used for long, and all of them when the disk is short; the next build makes its own again', async () => {
  await build('web')
  await build('api')
  const monthAgo = new Date(Date.now() - 30 * 86_400_000)
  for (const name of ['source', 'source.json']) await utimes(path.join(home, 'builds/shop/web', name), monthAgo, monthAgo)
  const kept = { ...roomy, keep: [], usedBefore: 0 }
  await builder.prune({ ...kept, unusedSince: monthAgo.getTime() })
  expect(await workDirectories()).toEqual(['api', 'web'])
  await builder.prune({ ...kept, unusedSince: Date.now() - 86_400_000 })
  expect(await workDirectories()).toEqual(['api'])
  await builder.prune({ ...kept, ...short })
  expect(await workDirectories()).toEqual([])
  expect((await build('web')).fresh).toBe(true)
  expect(await workDirectories()).toEqual(['web'])
})

test('nothing goes while something is built', async () => {
  const asked = Promise.withResolvers<unknown>()
  const made = await build('web', () => asked.resolve(builder.prune({ ...short, keep: [], usedBefore: Date.now() + 60_000 })))
  expect(await asked.promise).toEqual([])
  expect([await artifacts(), await workDirectories()]).toEqual([[made.digest], ['web']])
})
