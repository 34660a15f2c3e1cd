import { createRegistry } from '@plimsoll/drivers/docker'
import { createSwarmResources } from '@plimsoll/drivers/swarm'
import { postgresImage, programsOn, redisImage } from '@plimsoll/drivers/stand-in'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { labClock } from '../src/swarm/lab-clock.ts'
import { publishIn } from '../src/swarm/lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { makeSwarmUnderTest, type SwarmUnderTest } from '../src/swarm/swarm-under-test.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
const never = new AbortController().signal
const wanted = { databases: [{ name: 'shop db' }], keyValues: [{ name: 'cache' }] }
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`databases in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: SwarmLab
  let images: { readonly database: string; readonly keyvalue: string; readonly programs: string }
  let under: SwarmUnderTest
  beforeAll(async () => {
    lab = await raiseSwarmLab()
    images = { database: await publishIn(lab, postgresImage), keyvalue: await publishIn(lab, redisImage), programs: await publishIn(lab, (engine, signal) => programsOn(engine, 'slim', signal)) }
  })
  afterAll(() => lab.lower())
  beforeEach(async () => {
    under = await makeSwarmUnderTest(lab, images.programs)
  })
  afterEach(() => under.dispose())

  const resources = () => createSwarmResources({
    home: under.home, managers: [lab.nodes[0].engine, lab.nodes[1].engine, lab.nodes[2].engine], clock: labClock, images, label: 'plimsoll.data',
    registry: createRegistry({ engine: lab.nodes[2].engine, machine: {}, clock: labClock, keptLogin: async () => undefined, learn: () => undefined }),
    accountOf: async () => ({ role: 'shop', database: 'shop', password: 'a secret word' }), passwordOf: async () => 'another secret', forget: async () => undefined, near: async (_app, address) => address,
  })
  const volumes = async (): Promise<string[]> => (await Promise.all(lab.nodes.map(async ({ engine, name }) => ((JSON.parse((await engine.call({ path: '/volumes', to: 'list volumes' }, never)).body) as { Volumes: { Name: string }[] | null }).Volumes ?? []).map(() => name)))).flat()

  it('are made nowhere while no machine may keep data', async () => {
    await expect(resources().ensure(under.app, wanted, never)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('plimsoll.data') })
    expect(await volumes()).toEqual([])
  })

  it('stand on the machine with the label, are reached by units on every machine, keep data when they are stopped, and lose it when they are destroyed', async () => {
    const [, second] = lab.nodes
    await lab.label(second, { 'plimsoll.data': 'true' })
    const first = await resources().ensure(under.app, wanted, never)
    expect(first).toEqual({
      databases: { 'shop db': { host: 'shop-db.shop.internal', port: 5432, user: 'shop', password: 'a secret word', database: 'shop' } },
      keyValues: { cache: { host: 'cache.shop.internal', port: 6379, password: 'another secret' } },
    })
    expect(await resources().ensure(under.app, wanted, never)).toEqual(first)
    expect(await volumes()).toEqual([second.name, second.name])
    /** What the key-value service answers to words of its protocol, asked by a command in the cluster. */
    const say = async (...lines: readonly string[]): Promise<readonly string[]> => {
      const text = ['AUTH "another secret"', ...lines, 'QUIT', ''].join('\r\n')
      const program = `const socket = require("net").connect(6379, "cache.shop.internal", () => socket.write(${JSON.stringify(text)})); socket.pipe(process.stdout)`
      return (await under.driver.exec({ ...under.unit('serves'), command: `node -e '${program}'`, output: () => undefined }, never)).log
    }
    expect(await say('SET cart full', 'SAVE')).toEqual(['+OK', '+OK', '+OK', '+OK'])
    await resources().stop(never)
    expect(await resources().ensure(under.app, wanted, never)).toEqual(first)
    expect(await say('GET cart')).toContain('full')
    const { body } = await second.engine.call({ path: '/services', to: 'list services' }, never)
    expect(body).not.toMatch(/a secret word|another secret/)
    await resources().destroy(under.app, never)
    expect(await volumes()).toEqual([])
  })
})
