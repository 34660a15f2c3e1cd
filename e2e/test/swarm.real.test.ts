import { layerOn, programsOn } from '@plimsoll/drivers/stand-in'
import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import type { Address } from '@plimsoll/model'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { publishIn } from '../src/swarm/lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { makeSwarmUnderTest, type SwarmUnderTest } from '../src/swarm/swarm-under-test.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
const never = new AbortController().signal
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

describe.skipIf(missing !== undefined)(`the swarm driver${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: SwarmLab
  let image: string
  let under: SwarmUnderTest
  beforeAll(async () => {
    lab = await raiseSwarmLab()
    image = await publishIn(lab, (engine, signal) => programsOn(engine, 'slim', signal))
  })
  afterAll(() => lab.lower())
  beforeEach(async () => {
    under = await makeSwarmUnderTest(lab, image)
  })
  afterEach(() => under.dispose())

  const services = async (): Promise<{ ID: string; Version: { Index: number }; Spec: { Name: string; TaskTemplate: { ContainerSpec: { Image: string } } } }[]> => {
    return JSON.parse((await lab.nodes[0].engine.call({ path: '/services', to: 'list services' }, never)).body)
  }
  const innerOf = async ({ driver, app }: SwarmUnderTest, unit = under.unit('serves')): Promise<Address> => {
    const inner = await driver.inner(app, unit.unit, unit.spec)
    if (inner === undefined) throw new Error('a server has an inner address')
    return inner
  }

  it('makes nothing of an image that no registry has, and of one that has no digest', async () => {
    // A cluster takes either, says that it is well, and tries for ever.
    const gone = image.replace(/@.*/, `@sha256:${'0'.repeat(64)}`)
    await expect(under.driver.start(under.runs('node programs.mjs serves', { image: gone }), never)).rejects.toMatchObject({ code: 'IMAGE_MISSING' })
    await expect(under.driver.start(under.runs('node programs.mjs serves', { image: image.replace(/@.*/, ':latest') }), never)).rejects.toMatchObject({ code: expect.stringMatching(/PLACE_CANNOT|IMAGE_MISSING/) })
    expect(await services()).toEqual([])
  })

  it('returns for a unit that never turns healthy, shows that it only starts, and lets nobody reach it', async () => {
    const unit = under.runs('node programs.mjs whispers')
    const begun = Date.now()
    await under.driver.start(unit, never)
    expect(Date.now() - begun).toBeLessThan(60_000)
    expect(await under.driver.observe(under.app, never)).toMatchObject([{ state: 'starting', restarts: 0 }])
    expect(await under.ask(await innerOf(under, unit))).toBeUndefined()
  })

  it('asks after an instance at the path of its Blueprint', async () => {
    await startAndWait(under, under.runs('node programs.mjs serves', { healthCheckPath: '/any' }))
  })

  it('holds no port of a machine, so that two releases of as many instances as there are machines run beside each other', async () => {
    const [live, candidate] = [1, 2].map((release) => under.unit('serves', { release, instances: 3 }))
    if (live === undefined || candidate === undefined) throw new Error('two releases')
    await startAndWait(under, live)
    await under.driver.start(candidate, never)
    await waitUntil('all of both answer', async () => {
      const addresses = (await Promise.all([live, candidate].map(({ unit, spec }) => under.driver.addresses(under.app, unit, spec)))).flat()
      const answers = await Promise.all(addresses.map((address) => under.ask(address)))
      return new Set(answers).size === 6 && !answers.includes(undefined)
    }, { ...under, withinMs: 60_000 })
  })

  it('ends no command by the check that its image brings along for its server', async () => {
    const sick = await publishIn(lab, async (engine, signal) => layerOn(engine, { base: await programsOn(engine, 'slim', signal), layer: { name: 'plimsoll-test-sick', files: [], changes: ['HEALTHCHECK --interval=1s --retries=1 CMD ["false"]'] } }, signal))
    const run = await under.driver.exec({ ...under.runs('node programs.mjs serves', { image: sick }), command: 'sleep 5; echo done', output: () => undefined }, never)
    expect(run).toEqual({ code: 0, signal: null, log: ['done'] })
  })

  it('takes the word of tasks and digests: of a service that somebody has given another image the units are put right when they are started again', async () => {
    const unit = under.unit('serves')
    await startAndWait(under, unit)
    const [service] = await services()
    const other = await publishIn(lab, async (engine, signal) => layerOn(engine, { base: await programsOn(engine, 'slim', signal), layer: { name: 'plimsoll-test-other', files: [], changes: ['LABEL other=yes'] } }, signal))
    if (service === undefined) throw new Error('no service')
    service.Spec.TaskTemplate.ContainerSpec.Image = other
    await lab.nodes[0].engine.call({ method: 'POST', path: `/services/${service.ID}/update`, query: { version: service.Version.Index }, body: service.Spec, to: 'change it by hand' }, never)
    await startAndWait(under, unit)
    const running = await Promise.all(lab.nodes.map(async ({ engine }) => JSON.parse((await engine.call({ path: '/containers/json', query: { filters: { label: ['plimsoll.role=instance'] } }, to: 'list' }, never)).body) as { Image: string }[]))
    expect(running.flat().map((each) => each.Image)).toContain(image)
    expect((await services())[0]?.Spec.TaskTemplate.ContainerSpec.Image).toBe(image)
  })

  it('gives a program what its Blueprint says, double braces and all, and shows none of it to whoever asks the cluster', async () => {
    const environment = { DATABASE_URL: 'postgres://a-secret', TEMPLATE: '{{.Node.ID}}', NODE_OPTIONS: '--title={{x}}' }
    const unit = under.runs('node programs.mjs tells', { environment })
    await startAndWait(under, unit)
    expect(JSON.parse((await under.ask(await innerOf(under, unit))) ?? '{}')).toMatchObject({ ...environment, PORT: '10000', RENDER_INSTANCE_ID: expect.stringMatching(/^shop-web-r1-1-[0-9a-f]{8}$/) })
    expect(JSON.stringify(await services())).not.toContain('a-secret')
    await under.driver.stop(under.app, unit.unit, 1_000, never)
    const { body } = await lab.nodes[0].engine.call({ path: '/secrets', to: 'list secrets' }, never)
    expect(JSON.parse(body)).toEqual([])
  })

  it('starts and stops by another manager while the one that leads is dead', async () => {
    const [first] = lab.nodes
    await first.killEngine()
    try {
      const unit = under.unit('serves', { instances: 2 })
      await startAndWait(under, unit)
      expect(await under.driver.stop(under.app, unit.unit, 10_000, never)).toMatchObject({ instances: 2 })
    } finally {
      await first.startEngine()
    }
  })
})
