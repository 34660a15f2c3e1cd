import { PlimsollError, appNameSchema, serviceNameSchema } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { createRegistry, type Registry } from '../src/registry/registry.ts'
import { realClock } from './real-clock.ts'
import { forgetImagesOf, layerOn, startRegistry, startRudeRegistry, tinyImage, whyNoDocker, whyNoRegistry, type MadeImage, type RudeRegistry, type TestRegistry } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = (await whyNoDocker(process.env)) ?? whyNoRegistry(process.env)
const app = appNameSchema.parse('shop')
const service = serviceNameSchema.parse('web')

// What the engine tries again by itself takes it more than a minute.
describe.skipIf(missing !== undefined)(`a registry that breaks off${missing === undefined ? '' : ` (${missing})`}`, { timeout: 240_000 }, () => {
  const engine = openDockerEngine(engineAddress(process.env))
  let behind: TestRegistry
  let rude: RudeRegistry
  let image: MadeImage
  let learnt: string[]

  beforeEach(async () => {
    behind = await startRegistry()
    rude = await startRudeRegistry(behind.host)
    learnt = []
    // A layer of its own each time: what the registry has already is not sent again.
    const files = [{ path: 'srv/big', mode: 0o644, content: Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)).join('')) }]
    image = await layerOn(engine, { base: await tinyImage(engine, never), layer: { name: 'plimsoll-test-pushed', files, changes: [] } }, never)
  })
  afterEach(async () => {
    await engine.call({ method: 'DELETE', path: `/images/${image.name}`, query: { force: true }, to: 'forget an image' }, never)
    await forgetImagesOf(engine, rude.host, never)
    await rude.close()
    await behind.close()
  })

  const registry = (silenceMs?: number): Registry => createRegistry({ engine, machine: {}, clock: { ...realClock, sleep: async () => undefined }, keptLogin: async () => undefined, learn: (secrets) => void learnt.push(...secrets), silenceMs })
  const push = (by = registry()) => by.push({ id: image.id, service, name: `${rude.host}/shop/web` }, never)

  async function failure(doing: Promise<unknown>): Promise<Pick<PlimsollError, 'code' | 'message'>> {
    const error: unknown = await doing.then(() => 'nothing failed', (thrown: unknown) => thrown)
    if (!(error instanceof PlimsollError)) throw error
    return { code: error.code, message: error.message }
  }

  async function namesOf(id: string): Promise<readonly string[]> {
    const { body } = await engine.call({ path: `/images/${id}/json`, to: 'look' }, never)
    return (JSON.parse(body) as { readonly RepoTags: readonly string[] }).RepoTags
  }

  test('a push that is left hanging says so, and leaves no name behind', async () => {
    rude.be({ upload: 'hang' })
    expect(await failure(push(registry(2_000)))).toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining('said nothing for 2 s') })
    expect(await namesOf(image.id)).toEqual([image.name])
  })

  test('a push that is refused or cut off says so, and leaves no name behind; the next one goes on', async () => {
    rude.be({ upload: 'cut' })
    const before = rude.asked.upload
    expect(await failure(push())).toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining(`push the image of web to ${rude.host}/shop/web`) })
    expect(rude.asked.upload - before).toBeGreaterThan(3)
    rude.be({ upload: 403 })
    expect(await failure(push())).toMatchObject({ code: 'REGISTRY_REFUSED' })
    expect(await namesOf(image.id)).toEqual([image.name])
    rude.be({ upload: 'pass' })
    expect(await push()).toContain(`${rude.host}/shop/web@sha256:`)
    expect(await namesOf(image.id)).toEqual([image.name])
  })

  test('a push that nobody is let in for is refused with what to type', async () => {
    rude.admit({ name: 'plim', password: 's3cret-word', by: 'token' })
    await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_REFUSED', hint: expect.stringContaining(`docker login ${rude.host}`) })
    expect(learnt).toEqual([])
  })

  test('a layer that stops coming, or comes again and again only in part, is given up, after the engine\'s own tries, and comes whole when it can', async () => {
    const content = Buffer.alloc(2_000_000, crypto.getRandomValues(new Uint8Array(65_536)))
    const digest = await behind.put({ name: 'shop/big', tag: 'v1', files: [{ path: 'big', mode: 0o644, content }] })
    const wanted = { app, service, image: { reference: `${rude.host}/shop/big@${digest}` } }
    rude.be({ blob: 'stall' })
    expect(await failure(registry(3_000).fetch(wanted, never))).toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining('said nothing for 3 s') })
    rude.be({ blob: 'cut' })
    const before = rude.asked.manifest
    expect(await failure(registry().fetch(wanted, never))).toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining('broke off') })
    expect(rude.asked.manifest - before).toBeLessThan(3)
    rude.be({ blob: 'pass' })
    await registry().fetch(wanted, never)
  })
})
