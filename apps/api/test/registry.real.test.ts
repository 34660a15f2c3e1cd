import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSource } from '@plimsoll/repository'
import { engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { forgetImagesOf, startRegistry, startRudeRegistry, tinyImage, whyNoDocker, whyNoRegistry, type RudeRegistry, type TestRegistry } from '@plimsoll/drivers/stand-in'
import { waitUntil } from '@plimsoll/engine/contract'
import { contract, type Artifact, type ImageSet, type Instance, type Release } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { dockerPlace, type DockerPlace } from '../src/places/docker-place.ts'
import { systemClock } from '../src/system-clock.ts'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const missing = (await whyNoDocker(process.env)) ?? whyNoRegistry(process.env)
const never = new AbortController().signal
const params = { app: 'shop' }

describe.skipIf(missing !== undefined)(`releases of images${missing === undefined ? '' : ` (${missing})`}`, () => {
  const server = withTestServer({ beforeAll, afterAll })
  const engine = openDockerEngine(engineAddress(process.env))
  let behind: TestRegistry
  let registry: RudeRegistry
  let home: string
  let place: DockerPlace
  let api: ApiUnderTest

  beforeEach(async () => {
    behind = await startRegistry()
    registry = await startRudeRegistry(behind.host)
    home = await mkdtemp(join(tmpdir(), 'plimsoll-given-'))
    const config = readConfig({ ...process.env, PLIMSOLL_HOME: home })
    api = await startApiUnderTest(await server.openStore(), { readSource, docker: ({ store, secrets }) => (place = dockerPlace({ config, home, store, secrets, report: () => undefined })) })
    await api.write('services:\n  - type: web\n    name: web\n    runtime: docker\n')
    await writeFile(join(api.root, 'Dockerfile'), `FROM ${(await tinyImage(engine, never)).name}\nCOPY index.html /srv/\n`)
    await writeFile(join(api.root, 'index.html'), 'built')
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: api.root, stdio: 'ignore' })
    git('init')
    git('add', '-A')
    git('commit', '-m', 'The shop opens')
  })
  afterEach(async () => {
    await api.client.call(contract.takeDown, { params, body: { destroyData: true } })
    await place.close()
    await api.close()
    await forgetImagesOf(engine, registry.host, never)
    await registry.close()
    await behind.close()
    await rm(home, { recursive: true })
  })

  test('what was pushed is run by its digest, also on an engine that has lost it, and a registry that refuses leaves what is live', async () => {
    const built = await push()
    await forget(built.digest)
    expect(await release({ imageSet: setOf(built) })).toMatchObject({ state: 'live', source: { images: { web: built.image } } })
    expect(await page(1)).toBe('built')

    await lose(1)
    expect(await page(1)).toBe('built')

    registry.be({ manifest: 403 })
    expect(await release({ images: { web: `${registry.host}/acme/web:stable` } })).toMatchObject({ state: 'undone', outcome: { problem: { code: 'REGISTRY_REFUSED', message: expect.stringContaining(registry.host) } } })
    expect((await api.edge.live('shop' as never, never))?.live.release).toBe(1)
    expect(await page(1)).toBe('built')
  })

  async function push(): Promise<Artifact> {
    const images: Artifact[] = []
    const body = { source: { root: api.root, blueprint: 'render.yaml' }, services: [], push: `${registry.host}/acme` }
    for await (const { event, data } of api.client.stream(contract.buildImages, { params, body })) if (event === 'image') images.push(data)
    const [built] = images
    if (built === undefined) throw new Error('nothing was built')
    return built
  }

  function setOf({ image = '', inputs }: Artifact): ImageSet {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: api.root, encoding: 'utf8' }).trim()
    return { format: 1, app: 'shop', commit, images: { web: { image, inputs } } }
  }

  async function release(given: { readonly imageSet?: ImageSet; readonly images?: Record<string, string> }): Promise<Release> {
    const { number } = await api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' }, on: 'docker', ...given } })
    for await (const _ of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) void _
    return api.client.call(contract.showRelease, { params: { ...params, release: number } }).then((detail) => detail.release)
  }

  async function instanceOf(number: number): Promise<Instance> {
    const found = (await place.place.driver.observe('shop' as never, never)).find(({ unit }) => Number(unit.release) === number)
    if (found === undefined) throw new Error(`nothing of release ${number} runs`)
    return found
  }

  async function page(number: number): Promise<string> {
    const { address } = await instanceOf(number)
    let text = ''
    await waitUntil('it answers', async () => {
      const answer = await fetch(`http://${address?.host}:${address?.port}/`).catch(() => undefined)
      text = (await answer?.text()) ?? ''
      return answer !== undefined
    }, { clock: systemClock })
    return text.trim()
  }

  /** As a machine that comes up anew with an empty engine: the unit is started again as its release was written down. */
  async function lose(number: number): Promise<void> {
    const { unit } = await instanceOf(number)
    const context = await api.runner.contextOf('shop' as never, number as never, never)
    const { artifacts, specs } = await context.memory.recall(number as never)
    const [artifact, spec] = [artifacts['web'], specs[0]]
    if (artifact === undefined || spec === undefined) throw new Error('nothing was built')
    await context.driver.stop('shop' as never, unit, 1_000, never)
    await forget(artifact.digest)
    await context.driver.start({ app: 'shop' as never, unit, spec, artifact, environment: {} }, never)
  }

  const forget = (image: string) => engine.call({ method: 'DELETE', path: `/images/${image}`, query: { force: true }, to: 'forget an image' }, never)
})
