import { createRegistry } from '@plimsoll/drivers/docker'
import { createSwarmResources } from '@plimsoll/drivers/swarm'
import { postgresImage, programsAsUser, programsOn, redisImage } from '@plimsoll/drivers/stand-in'
import type { RunnableUnit } from '@plimsoll/engine'
import { waitUntil } from '@plimsoll/engine/contract'
import { copyName, serviceNameSchema } from '@plimsoll/model'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { setAvailability, untilAtRest } from '../src/swarm/cluster-at-rest.ts'
import { labClock } from '../src/swarm/lab-clock.ts'
import { publishIn } from '../src/swarm/lab-images.ts'
import type { LabNode } from '../src/swarm/lab-node.ts'
import { leftOfCopies } from '../src/swarm/left-of-copies.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { dataLabel, makeSwarmUnderTest, type SwarmUnderTest } from '../src/swarm/swarm-under-test.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
const never = new AbortController().signal
const wanted = { databases: [{ name: 'shop db' }], keyValues: [{ name: 'cache' }] }
const disks = ['one', 'two', 'three', 'four'].map((name) => ({ service: serviceNameSchema.parse('web'), name }))
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`databases and disks in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: SwarmLab
  let images: { readonly database: string; readonly keyvalue: string; readonly programs: string; readonly asUser: string }
  let under: SwarmUnderTest
  beforeAll(async () => {
    lab = await raiseSwarmLab()
    images = { database: await publishIn(lab, postgresImage), keyvalue: await publishIn(lab, redisImage), programs: await publishIn(lab, (engine, signal) => programsOn(engine, 'slim', signal)), asUser: await publishIn(lab, programsAsUser) }
  })
  afterAll(() => lab.lower())
  beforeEach(async () => {
    under = await makeSwarmUnderTest(lab, images.programs, images.asUser)
  })
  afterEach(() => under.dispose())

  const resources = () => createSwarmResources({
    home: under.home, managers: [lab.nodes[0].engine, lab.nodes[1].engine, lab.nodes[2].engine], clock: labClock, images, label: 'plimsoll.data',
    registry: createRegistry({ engine: lab.nodes[2].engine, machine: {}, clock: labClock, keptLogin: async () => undefined, learn: () => undefined }),
    accountOf: async () => ({ role: 'shop', database: 'shop', password: 'a secret word' }), passwordOf: async () => 'another secret', forget: async () => undefined, near: async (_app, address) => address, keepDisk: (app, disk, signal) => under.driver.keepDisk(app, disk, signal),
  })
  /** Two machines may keep data; gives one of them. */
  const labelled = async (): Promise<LabNode> => {
    const [, second, third] = lab.nodes
    for (const node of [second, third]) await lab.label(node, { [dataLabel]: 'true' })
    return second
  }
  const volumes = async (): Promise<string[]> => (await Promise.all(lab.nodes.map(async ({ engine, name }) => ((JSON.parse((await engine.call({ path: '/volumes', to: 'list volumes' }, never)).body) as { Volumes: { Name: string }[] | null }).Volumes ?? []).map(() => name)))).flat()

  /** What a unit says of its disk, once it runs. */
  const found = ({ app, unit }: RunnableUnit): Promise<string> => waitUntil('it tells what its disk has', async () => {
    for await (const { text } of under.driver.logs({ app, unit, tail: 10, follow: false }, never)) if (text.startsWith('found ')) return text
    return undefined
  }, { clock: labClock, withinMs: 60_000 })

  it('are made nowhere while no machine may keep data', async () => {
    await expect(resources().ensure(under.app, wanted, never)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('plimsoll.data') })
    await expect(resources().ensure(under.app, { databases: [], keyValues: [], disks }, never)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('plimsoll.data'), hint: expect.stringContaining('object store') })
    expect(await volumes()).toEqual([])
  })

  it('of a copy are in memory, need no machine for data, can be written to, and leave nothing', async () => {
    const unit = { ...under.keeps.unit(1), app: copyName('a1b2', 0) }
    await under.driver.start(unit, never)
    expect(await found(unit)).toBe('found nothing')
    expect(await volumes()).toEqual([])
    await under.driver.stop(unit.app, unit.unit, 0, never)
    // A machine takes a moment to remove the container of a task that has ended.
    await expect.poll(() => leftOfCopies(lab), { timeout: 30_000 }).toEqual([])
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

  it('are spread over the machines with the label, and stay where they are', async () => {
    const { engine } = await labelled()
    for (const _ of [1, 2]) {
      await resources().ensure(under.app, { databases: [], keyValues: [], disks }, never)
      const services = JSON.parse((await engine.call({ path: '/services', query: { filters: { label: ['plimsoll.role=disk'] } }, to: 'list disks' }, never)).body) as { Spec: { TaskTemplate: { Placement: { Constraints: string[] } } } }[]
      const counted = Object.values(Object.groupBy(services, ({ Spec }) => Spec.TaskTemplate.Placement.Constraints.join())).map((each) => each?.length)
      expect(counted).toEqual([2, 2])
    }
  })

  it.for<[string, Away]>([
    ['takes no tasks', { is: 'which takes no tasks', hint: /--availability active n\d$/, take: (node) => setAvailability(lab, node, 'drain'), giveBack: (node) => setAvailability(lab, node, 'active') }],
    ['is cut off', { is: 'which is away', hint: /^Bring n\d back.*docker service rm shop-web-uploads-/, take: async (node) => node.unplug(), giveBack: async (node) => node.plug() }],
  ])('wait for their machine when it %s: a release names it, and when it is back all is there', async ([, { is, hint, take, giveBack }]) => {
    await labelled()
    const [before, next] = [under.keeps.unit(1), under.keeps.unit(2)]
    await under.driver.start(before, never)
    const isRunning = async (): Promise<boolean> => (await under.driver.observe(under.app, never)).some(({ unit: { release }, state }) => release === 1 && state === 'running')
    await waitUntil('it runs', isRunning, { clock: labClock, withinMs: 60_000 })
    const [name] = await volumes()
    const machine = lab.nodes.find((node) => node.name === name)
    if (machine === undefined) throw new Error('no machine has the disk')
    try {
      await take(machine)
      await waitUntil('it has ended, for all that is known', async () => !(await isRunning()), { clock: labClock, withinMs: 120_000 })
      await expect(under.driver.start(next, never)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: `The disk uploads of web is on the machine ${machine.name}, ${is}, and nothing else has its files`, hint: expect.stringMatching(hint) })
    } finally {
      await giveBack(machine)
    }
    await waitUntil('it runs again', isRunning, { clock: labClock, withinMs: 120_000 })
    await untilAtRest(lab)
    expect(await found(next)).toBe('found release 1')
    for (const each of [before, next]) await under.driver.stop(under.app, each.unit, 0, never)
    expect(await volumes()).toEqual([machine.name])
    await resources().destroy(under.app, never)
    expect(await volumes()).toEqual([])
  })
})

/** How a machine is made to run nothing, and what is said of it then. */
interface Away {
  readonly is: string
  readonly hint: RegExp
  readonly take: (node: LabNode) => Promise<void>
  readonly giveBack: (node: LabNode) => Promise<void>
}
