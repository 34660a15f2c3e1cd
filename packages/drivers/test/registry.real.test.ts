import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appNameSchema, serviceNameSchema, toProblem, unitSpecSchema } from '@plimsoll/model'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { createGivenImages } from '../src/image/given-images.ts'
import { removeImageNames } from '../src/image/image-names.ts'
import { createRegistry, type Registry, type RegistryOptions } from '../src/registry/registry.ts'
import { realClock } from './real-clock.ts'
import { forgetImagesOf, startRegistry, startRudeRegistry, tinyImage, whyNoDocker, whyNoRegistry, type MadeImage, type RudeRegistry, type TestRegistry } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = (await whyNoDocker(process.env)) ?? whyNoRegistry(process.env)
const app = appNameSchema.parse('shop')
const service = serviceNameSchema.parse('web')
const absent = `sha256:${'0'.repeat(64)}`

describe.skipIf(missing !== undefined)(`images of registries${missing === undefined ? '' : ` (${missing})`}`, () => {
  const engine = openDockerEngine(engineAddress(process.env))
  let behind: TestRegistry
  let rude: RudeRegistry
  let image: MadeImage

  beforeAll(async () => {
    behind = await startRegistry()
    image = await tinyImage(engine, never)
  })
  afterAll(() => behind.close())
  beforeEach(async () => {
    rude = await startRudeRegistry(behind.host)
  })
  afterEach(async () => {
    await forgetImagesOf(engine, rude.host, never)
    await rude.close()
  })

  const registry = (more: Partial<RegistryOptions> = {}): Registry => createRegistry({ engine, machine: {}, clock: { ...realClock, sleep: async () => undefined }, keptLogin: async () => undefined, learn: () => undefined, ...more })
  const wanted = (reference: string) => ({ app, service, image: { reference } })
  const push = (name: string) => registry().push({ id: image.id, service, name }, never)
  const isHere = async (reference: string) => (await engine.call({ path: `/images/${reference}/json`, to: 'look', also: [404] }, never)).status === 200

  test('what is pushed is had by its digest, and leaves no name behind on the engine', async () => {
    const name = `${rude.host}/shop/web`
    const pushed = await push(name)
    expect(pushed).toMatch(/^127\.0\.0\.1:\d+\/shop\/web@sha256:[0-9a-f]{64}$/)
    expect(await push(name)).toBe(pushed)
    expect(await isHere(pushed)).toBe(false)
    await registry().fetch(wanted(pushed), never)
    expect(await isHere(pushed)).toBe(true)
  })

  test('an image that was pulled keeps a name of ours, so that it is not swept up, and goes when there is no room for it', async () => {
    const home = await mkdtemp(join(tmpdir(), 'plimsoll-given-'))
    onTestFinished(() => rm(home, { recursive: true }))
    const digest = await behind.put({ name: 'shop/given', tag: 'v1', files: [{ path: 'one', mode: 0o644, content: Buffer.from(home) }] })
    const reference = `${rude.host}/shop/given@${digest}`
    const spec = unitSpecSchema.parse({ service, kind: 'web', runtime: 'image', rootDir: '', image: { reference }, maxShutdownDelayMs: 1_000, instances: 1 })
    const builder = createGivenImages({ home, engine, registry: registry() })
    const request = { app, spec, source: { root: home, blueprint: 'render.yaml', dirty: true }, environment: {}, output: () => undefined }
    const artifact = await builder.build(request, never)
    expect(artifact).toMatchObject({ image: reference, layout: 'image', fresh: true })
    const { body } = await engine.call({ path: `/images/${artifact.digest}/json`, to: 'look' }, never)
    expect(JSON.parse(body)).toMatchObject({ RepoTags: [expect.stringMatching('^plimsoll/shop-given:')], RepoDigests: [reference] })
    expect(await builder.build(request, never)).toMatchObject({ digest: artifact.digest, fresh: false })
    await removeImageNames(engine, artifact.digest, never)
    expect(await isHere(artifact.digest)).toBe(false)
  })

  test('a tag is what it is now, and with a digest what it was: one that has moved since is refused', async () => {
    const name = 'shop/moved'
    const first = await behind.put({ name, tag: 'v1', files: [{ path: 'one', mode: 0o644, content: Buffer.from('1') }] })
    expect(await registry().pin(wanted(`${rude.host}/${name}:v1`), never)).toBe(`${rude.host}/${name}@${first}`)
    expect(await registry().pin(wanted(`${rude.host}/${name}:v1@${first}`), never)).toBe(`${rude.host}/${name}@${first}`)
    const second = await behind.put({ name, tag: 'v1', files: [{ path: 'two', mode: 0o644, content: Buffer.from('2') }] })
    await expect(registry().pin(wanted(`${rude.host}/${name}:v1@${first}`), never)).rejects.toMatchObject({ code: 'IMAGE_MOVED', message: expect.stringContaining(second), hint: expect.stringContaining(`${name}@${first}`) })
    expect(await registry().pin(wanted(`${rude.host}/${name}:v1`), never)).toBe(`${rude.host}/${name}@${second}`)
  })

  test('an image that is not there, or is made for another machine, is named before anything is pulled', async () => {
    const foreign = process.arch === 'arm64' ? 'amd64' : 'arm64'
    await behind.put({ name: 'shop/foreign', tag: 'v1', files: [], architecture: foreign })
    await expect(registry().pin(wanted(`${rude.host}/shop/foreign:v1`), never)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining(`linux/${foreign}`) })
    await expect(registry().pin(wanted(`${rude.host}/shop/foreign@${absent}`), never)).rejects.toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringContaining(absent) })
    await expect(registry().fetch(wanted(`${rude.host}/shop/foreign@${absent}`), never)).rejects.toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringContaining(absent) })
    expect(rude.asked.blob).toBeLessThanOrEqual(1)
  })

  test('a registry that refuses is told from one that is not reached, and that one is asked three times', async () => {
    rude.be({ manifest: 403 })
    const reference = `${rude.host}/shop/web:v1`
    await expect(registry().pin(wanted(reference), never)).rejects.toMatchObject({ code: 'REGISTRY_REFUSED', message: expect.stringContaining('without credentials'), hint: expect.stringContaining(`docker login ${rude.host}`) })
    rude.be({ manifest: 503 })
    const before = rude.asked.manifest
    await expect(registry().pin(wanted(reference), never)).rejects.toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining(rude.host) })
    expect(rude.asked.manifest - before).toBeGreaterThanOrEqual(3)
    await rude.close()
    await expect(registry().fetch(wanted(reference), never)).rejects.toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining('refused') })
    rude = await startRudeRegistry(behind.host)
  })

  test('a registry that takes what it is asked and says nothing is left after its time of silence', async () => {
    rude.be({ manifest: 'hang' })
    await expect(registry({ silenceMs: 300 }).pin(wanted(`${rude.host}/shop/web:v1`), never)).rejects.toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining('said nothing') })
  })

  test('whoever it is that a registry lets in is known by a kept value, by Docker\'s configuration or by a helper, and asked for a token where it wants one', async () => {
    const digest = await behind.put({ name: 'shop/private', tag: 'v1', files: [] })
    const [reference, pinned] = [`${rude.host}/shop/private:v1`, `${rude.host}/shop/private@${digest}`]
    const learnt: string[] = []
    const learn = (secrets: readonly string[]) => void learnt.push(...secrets)
    const config = await scratchConfig({ auths: { [rude.host]: { auth: Buffer.from('plim:s3cret-word').toString('base64') } } })
    for (const by of ['basic', 'token'] as const) {
      rude.admit({ name: 'plim', password: 's3cret-word', by })
      expect(await registry({ machine: { DOCKER_CONFIG: config }, learn }).pin(wanted(reference), never)).toBe(pinned)
      const kept = registry({ keptLogin: async (of, name) => (`${of} ${name}` === 'shop hub' ? 'plim:s3cret-word' : undefined), learn })
      expect(await kept.pin({ app, service, image: { reference, credentials: 'hub' } }, never)).toBe(pinned)
      const refused = registry({ keptLogin: async () => 'plim:wrong-word', learn }).pin({ app, service, image: { reference, credentials: 'hub' } }, never)
      await expect(refused).rejects.toMatchObject({ code: 'REGISTRY_REFUSED', message: expect.stringContaining('with the credentials that are kept for hub'), hint: expect.stringContaining('registry:hub/LOGIN=USER:TOKEN') })
      expect(JSON.stringify(toProblem(await refused.catch((error: unknown) => error)))).not.toContain('wrong-word')
    }
    await expect(registry({ keptLogin: async () => 'no login' }).pin({ app, service, image: { reference, credentials: 'hub' } }, never)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('registry:hub/LOGIN') })
    expect(new Set(learnt)).toEqual(new Set(['s3cret-word', 'wrong-word']))
  })

  async function scratchConfig(content: object): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'plimsoll-config-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    await writeFile(join(directory, 'config.json'), JSON.stringify(content))
    return directory
  }
})
