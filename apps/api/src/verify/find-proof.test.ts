import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provable } from '@plimsoll/engine'
import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, verificationSchema, type AppName, type Artifact, type Release, type Source, type Verification } from '@plimsoll/model'
import { signStatement, testResultOf } from '@plimsoll/verify/rehearse'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { blueprintDigest } from './blueprint-digest.ts'
import { attestationFile, findProof } from './find-proof.ts'

const { privateKey: key } = generateKeyPairSync('ed25519')
const now = Date.parse('2026-03-01T12:00:00Z')
const web = serviceNameSchema.parse('web')
const staging = appNameSchema.parse('shop-staging')
const digest = (letter: string) => digestSchema.parse(`sha256:${letter.repeat(64)}`)
const source = { root: '/repo', blueprint: 'render.yaml', commit: 'a'.repeat(40), dirty: false }
const text = 'services: []'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-proof-'))
})
afterEach(async () => rm(directory, { recursive: true }))

/** What passed an hour ago. */
const passed = (more: Partial<Verification> = {}): Verification => verificationSchema.parse({
  version: 1, id: 'v1', app: 'shop', place: 'process', state: 'passed', startedAt: new Date(now - 3_600_000).toISOString(), seed: 1, checks: [], directory,
  source, blueprint: blueprintDigest(text), against: 3,
  artifacts: [{ service: web, digest: digest('a'), inputs: digest('b'), sizeBytes: 1 }], ...more,
})

const artifactOf = (service: string, letter: string): Record<string, Artifact> => ({ [service]: {
  service: serviceNameSchema.parse(service), digest: digest(letter), inputs: digest('b'), files: '/nowhere', sizeBytes: 1, fileCount: 1, layout: 'traced', assets: [], publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: false, buildMs: 1,
} })

/** What is to be released. */
const subject = (more: Partial<Provable> = {}): Provable => ({
  app: appNameSchema.parse('shop'), source, blueprint: text, specs: [], artifacts: artifactOf('web', 'a'), live: releaseNumberSchema.parse(3), output: () => undefined, ...more,
})

const find = async (known: Verification, wanted: Provable): Promise<string | undefined> =>
  (await findProof({ store: { verifications: { list: async () => [known] }, releases: { find: async () => undefined } }, clock: { now: () => now } }, wanted, key))?.id

const attest = (known: Verification, by = key): Promise<void> => writeFile(attestationFile(known), JSON.stringify(signStatement(testResultOf(known), by)))

test('what has passed with the very same artifacts, commit, Blueprint and live release proves it', async () => {
  await attest(passed())
  expect(await find(passed(), subject())).toBe('v1')
})

test.each<[string, Partial<Provable>]>([
  ['another artifact', { artifacts: artifactOf('web', 'c') }],
  ['an artifact of another service', { artifacts: artifactOf('api', 'a') }],
  ['one artifact more', { artifacts: { ...artifactOf('web', 'a'), ...artifactOf('api', 'a') } }],
  ['no artifact', { artifacts: {} }],
  ['another Blueprint', { blueprint: 'services: [{}]' }],
  ['another commit', { source: { ...source, commit: 'b'.repeat(40) } }],
  ['what is not committed', { source: { ...source, dirty: true } }],
  ['no commit at all', { source: { root: '/repo', blueprint: 'render.yaml', dirty: false } }],
  ['another live release', { live: releaseNumberSchema.parse(4) }],
  ['nothing live', { live: undefined }],
])('it proves nothing of %s', async (_what, more) => {
  await attest(passed())
  expect(await find(passed(), subject(more))).toBeUndefined()
})

test('what has passed with a pause proves a release with a pause, and no other', async () => {
  await attest(passed({ paused: true }))
  expect(await find(passed({ paused: true }), subject())).toBeUndefined()
  expect(await find(passed({ paused: true }), subject({ paused: true }))).toBe('v1')
})

test('what has passed without a pause proves a release with one too', async () => {
  await attest(passed())
  expect(await find(passed(), subject({ paused: true }))).toBe('v1')
})

test.each<[string, Partial<Verification>]>([
  ['was blocked', { state: 'blocked' }],
  ['was not committed', { source: { ...source, dirty: true } }],
  ['is more than a day old', { startedAt: new Date(now - 25 * 3_600_000).toISOString() }],
])('what %s proves nothing', async (_what, more) => {
  await attest(passed(more))
  expect(await find(passed(more), subject())).toBeUndefined()
})

test('a verification that says it passed and whose statement says that it did not proves nothing', async () => {
  await attest(passed({ state: 'blocked' }))
  expect(await find(passed(), subject())).toBeUndefined()
})

test.each<[string, () => Promise<void>]>([
  ['is missing', async () => undefined],
  ['is half there', () => writeFile(attestationFile(passed()), '{"payloadType":')],
  ['is signed by another installation', () => attest(passed(), generateKeyPairSync('ed25519').privateKey)],
  ['was changed after it was signed', async () => {
    const { payload: _its, ...envelope } = signStatement(testResultOf(passed({ artifacts: [] })), key)
    await writeFile(attestationFile(passed()), JSON.stringify({ ...envelope, payload: Buffer.from(JSON.stringify(testResultOf(passed()))).toString('base64') }))
  }],
])('a verification whose statement %s proves nothing', async (_what, write) => {
  await write()
  expect(await find(passed(), subject())).toBeUndefined()
})

interface Ran {
  /** What it was held against where it was proven. */
  readonly against: number | undefined
  /** Where what is live here came from; undefined while nothing is. */
  readonly before: Pick<Source, 'promotedFrom'> | undefined
}
const cameFrom = (app: AppName, release: number): Pick<Source, 'promotedFrom'> => ({ promotedFrom: { app, release: releaseNumberSchema.parse(release) } })

test.each<[string, Ran, string | undefined]>([
  ['the release there whose artifacts are live here', { against: 3, before: cameFrom(staging, 3) }, 'v1'],
  ['another release there', { against: 3, before: cameFrom(staging, 2) }, undefined],
  ['what came from elsewhere', { against: 3, before: cameFrom(appNameSchema.parse('shop-old'), 3) }, undefined],
  ['what was built here', { against: 3, before: {} }, undefined],
  ['a release, while nothing is live here', { against: 3, before: undefined }, undefined],
  ['nothing, as here', { against: undefined, before: undefined }, 'v1'],
])('what was proven where a promoted release ran first counts by what that was held against: %s', async (_what, { against, before }, found) => {
  const there = passed({ app: staging, against: against === undefined ? undefined : releaseNumberSchema.parse(against) })
  await attest(there)
  const live = before === undefined ? undefined : releaseNumberSchema.parse(9)
  const wanted = subject({ live, source: { ...source, ...cameFrom(staging, 4) } })
  const store = {
    verifications: { list: async (app: AppName) => (app === staging ? [there] : []) },
    releases: { find: async (app: AppName, number: number) => (app === wanted.app && number === live ? { source: { ...source, ...before } } as Release : undefined) },
  }
  expect((await findProof({ store, clock: { now: () => now } }, wanted, key))?.id).toBe(found)
})
