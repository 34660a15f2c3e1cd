import { programsOn } from '@plimsoll/drivers/stand-in'
import type { ExecRequest, ExecResult } from '@plimsoll/engine'
import { waitUntil } from '@plimsoll/engine/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { labClock } from '../src/swarm/lab-clock.ts'
import { publishIn } from '../src/swarm/lab-images.ts'
import type { LabNode } from '../src/swarm/lab-node.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { makeSwarmUnderTest, type SwarmUnderTest } from '../src/swarm/swarm-under-test.ts'
import { untilAllAreThere } from '../src/swarm/until-all-are-there.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
const never = new AbortController().signal
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`a command that is to run once, and whose machine is cut off in the middle of it${missing === undefined ? '' : ` (${missing})`}`, () => {
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
  afterEach(async () => {
    for (const node of lab.nodes) node.plug()
    await untilAllAreThere(lab)
    await under.dispose()
  })

  /** The machines on which a command runs, each as often as one does, as their engines tell it: they are asked also when they are cut off. */
  const where = async (): Promise<LabNode[]> => (await Promise.all(lab.nodes.map(async (node) => {
    const { body } = await node.engine.call({ path: '/containers/json', query: { filters: { label: ['plimsoll.role=exec'], status: ['running'] } }, to: 'look for commands' }, never)
    return (JSON.parse(body) as unknown[]).map(() => node)
  }))).flat()

  interface Begun {
    readonly node: LabNode
    readonly said: readonly string[]
    readonly end: Promise<ExecResult>
    isOver(): boolean
  }

  async function begin(command: string, once: NonNullable<ExecRequest['once']>, signal = never): Promise<Begun> {
    const said: string[] = []
    let isOver = false
    const end = under.driver.exec({ ...under.unit('serves'), command: `echo begins; ${command}`, once, output: ({ text }) => said.push(text) }, signal).finally(() => (isOver = true))
    await waitUntil('it has begun', () => said.includes('begins'), { clock: labClock, withinMs: 60_000 })
    const [node] = await where()
    if (node === undefined) throw new Error('it runs nowhere')
    return { node, said, end, isOver: () => isOver }
  }
  const untilTold = ({ said, node }: Begun): Promise<true> => waitUntil('it is told that its machine is away', () => said.some((text) => text.includes(`The machine ${node.name} is away`)), { clock: labClock, withinMs: 120_000 }).then(() => true)
  const cron = (minute: number): NonNullable<ExecRequest['once']> => ({ name: `cron ${minute}`, whenLost: 'tell' })

  test('is not over before that is back, which ends it: nothing runs beside it meanwhile, and it is told as lost', async () => {
    const run = await begin('sleep 600', cron(1))
    run.node.unplug()
    await untilTold(run)
    const other = await under.another().exec({ ...under.unit('serves'), command: 'echo mine', once: cron(1), output: () => undefined }, AbortSignal.timeout(8_000)).then((end) => `ended: ${JSON.stringify(end)}`, () => 'waits')
    expect([other, run.isOver(), (await where()).map(({ name }) => name)]).toEqual(['waits', false, [run.node.name]])
    run.node.plug()
    expect(await run.end).toMatchObject({ code: null, signal: null })
    expect(await where()).toEqual([])
  })

  test('gives its own end where it has ended by itself meanwhile', async () => {
    const run = await begin('sleep 25; exit 7', cron(1))
    run.node.unplug()
    await untilTold(run)
    await waitUntil('it has ended there', async () => (await where()).length === 0, { clock: labClock, withinMs: 60_000 })
    expect(run.isOver()).toBe(false)
    run.node.plug()
    expect((await run.end).code).toBe(7)
  })

  test('runs again where that is wanted, once the first run has ended', async () => {
    let most = 0
    const enough = new AbortController()
    const run = await begin('sleep 600', { name: 'pre-deploy', whenLost: 'again' }, enough.signal)
    run.node.unplug()
    await untilTold(run)
    run.node.plug()
    await waitUntil('it runs again', async () => {
      const now = (await where()).length
      most = Math.max(most, now)
      return run.said.filter((text) => text === 'begins').length === 2
    }, { clock: labClock, withinMs: 120_000 })
    expect(most).toBe(1)
    const end = run.end.catch((error: unknown) => error)
    enough.abort(new Error('enough'))
    expect(await end).toEqual(new Error('enough'))
  })

  // The last one: the lab has one machine less afterwards.
  test('is over, and told as lost, when somebody removes that machine from the cluster', async () => {
    const [first] = lab.nodes
    const change = async (name: string, spec: object): Promise<string> => {
      const all = JSON.parse((await first.engine.call({ path: '/nodes', to: 'list machines' }, never)).body) as { ID: string; Version: { Index: number }; Spec: object; Description: { Hostname: string } }[]
      const found = all.find(({ Description }) => Description.Hostname === name)
      if (found === undefined) throw new Error(`there is no ${name}`)
      await first.engine.call({ method: 'POST', path: `/nodes/${found.ID}/update`, query: { version: found.Version.Index }, body: { ...found.Spec, ...spec }, to: `change ${name}` }, never)
      return found.ID
    }
    // The one that is asked afterwards is not to be the one that goes.
    await change(first.name, { Availability: 'drain' })
    const run = await begin('sleep 600', cron(1))
    run.node.unplug()
    await untilTold(run)
    const id = await change(run.node.name, { Role: 'worker' })
    await waitUntil('it is removed', async () => (await first.engine.call({ method: 'DELETE', path: `/nodes/${id}`, query: { force: true }, to: 'remove a machine', also: [400, 500] }, never)).status < 300, { clock: labClock, withinMs: 60_000 })
    expect(await run.end).toMatchObject({ code: null, signal: null })
  })
})
