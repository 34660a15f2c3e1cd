import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildRequest, Driver } from '@plimsoll/engine'
import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, type Artifact, type JournalEntry, type Source } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildFor } from './promoted-build.ts'

const web = serviceNameSchema.parse('web')
const signal = new AbortController().signal
const from = { app: appNameSchema.parse('shop-staging'), release: releaseNumberSchema.parse(7) }
const source: Source = { root: '/repo', blueprint: 'render.yaml', dirty: false }

let files: string
beforeEach(async () => {
  files = await mkdtemp(join(tmpdir(), 'promoted-'))
})
afterEach(async () => rm(files, { recursive: true, force: true }))

const artifact = (): Artifact => ({
  service: web, digest: digestSchema.parse(`sha256:${'a'.repeat(64)}`), inputs: digestSchema.parse(`sha256:${'b'.repeat(64)}`), files, sizeBytes: 1, fileCount: 1,
  layout: 'traced', assets: [], publicValues: { NEXT_PUBLIC_NAME: 'shop' }, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 900, waitedMs: 5,
})

/** Knows one release that built the artifact of `web`. */
function storeOf(made: Artifact): { readonly store: Pick<Store, 'journalOf'> } {
  const entries: readonly JournalEntry[] = [{ is: 'done', at: '2026-01-01T00:00:00.000Z', step: 'build', gives: { artifacts: { web: made } } }]
  return { store: { journalOf: (app, release) => ({ read: async () => (app === from.app && release === from.release ? entries : []), append: async () => undefined }) } }
}

const notBuilt: Driver['build'] = () => Promise.reject(new Error('it was built'))
const request = (service: string, environment: Readonly<Record<string, string>>): BuildRequest => ({ spec: { service: serviceNameSchema.parse(service) }, environment }) as BuildRequest
const promoted: Source = { ...source, promotedFrom: from }

test('a promoted release runs what ran there, and builds nothing', async () => {
  const { waitedMs: _, ...same } = artifact()
  await expect(buildFor(storeOf(artifact()), promoted, notBuilt)(request('web', { NEXT_PUBLIC_NAME: 'shop', OTHER: 'x' }), signal)).resolves.toEqual({ ...same, fresh: false, buildMs: 0 })
})

test('any other release is built', async () => {
  await expect(buildFor(storeOf(artifact()), source, notBuilt)(request('web', {}), signal)).rejects.toThrow('it was built')
})

test.each<[string, Readonly<Record<string, string>>]>([
  ['would be another', { NEXT_PUBLIC_NAME: 'store' }],
  ['would not be there', {}],
  ['is new', { NEXT_PUBLIC_NAME: 'shop', NEXT_PUBLIC_API: 'http://localhost:4001' }],
])('a public value that %s is refused by its name, and not by its value', async (_what, environment) => {
  const error: unknown = await buildFor(storeOf(artifact()), promoted, notBuilt)(request('web', environment), signal).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'NOT_PROMOTABLE', message: expect.stringMatching(/^NEXT_PUBLIC_\w+ of web is built into/) })
  expect(String(error)).not.toMatch(/\bstore\b|4001/)
})

test.each(['api', 'web'])('what is not kept of %s any more is not promoted', async (service) => {
  await rm(files, { recursive: true })
  await expect(buildFor(storeOf(artifact()), promoted, notBuilt)(request(service, { NEXT_PUBLIC_NAME: 'shop' }), signal)).rejects.toMatchObject({ code: 'NOT_PROMOTABLE', message: expect.stringContaining(`What ${service} ran in release 7 of shop-staging`) })
})
