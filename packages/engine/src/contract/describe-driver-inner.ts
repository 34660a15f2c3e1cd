import type { Address } from '@plimsoll/model'
import { expect, it } from 'vitest'
import type { RunnableUnit } from '../driver.ts'
import { startAndWait, unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

export function describeInner(get: () => DriverUnderTest): void {
  describeInnerAddress(get)

  it('reaches every instance through the inner address', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    const instances = await startAndWait(under, unit)
    const ids = instances.map(({ id }) => id)
    expect(new Set(await askUntil(under, await innerOf(under, unit), ids))).toEqual(new Set(ids))
  })

  it('reaches the instance that is left through the inner address when the other one is gone', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    const [gone, left] = await startAndWait(under, unit)
    if (gone?.address === undefined || left === undefined) throw new Error('no two instances with addresses were started')
    const { address } = gone
    await under.crash(gone)
    await waitUntil('it is gone', async () => (await under.ask(address)) === undefined, under)
    const answers = await askUntil(under, await innerOf(under, unit), [left.id])
    expect(answers).toContain(left.id)
    expect(answers).not.toContain(undefined)
  })

  it('reaches every instance by one name for all that run, exactly where they are on several machines', async () => {
    const under = get()
    const { driver, app } = under
    const unit = under.unit('serves', { instances: 2 })
    const host = driver.together?.(app, unit.unit)
    expect(host !== undefined).toBe(driver.can.scatters === true)
    if (host === undefined) return
    const ids = (await startAndWait(under, unit)).map(({ id }) => id)
    const [{ port } = { port: 0 }] = await driver.addresses(app, unit.unit, unit.spec)
    expect(new Set(await askUntil(under, { host, port }, ids))).toEqual(new Set(ids))
  })

  it('starts nothing of its own twice, also when two driver objects start at the same time', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    await startAndWait(under, unit)
    const once = await under.ownProcesses()
    await Promise.all([under.driver.start(unit, unhurried), under.another().start(unit, unhurried)])
    expect(await under.ownProcesses()).toBe(once)
    expect(await under.driver.observe(under.app, unhurried)).toHaveLength(2)
  })

  it('has nothing of its own for a unit with one instance', async () => {
    const under = get()
    await startAndWait(under, under.unit('serves'))
    expect(await under.ownProcesses()).toBe(0)
  })

  it('leaves nothing of its own after a stop, and nobody answers at the inner address', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    await startAndWait(under, unit)
    expect(await under.driver.stop(under.app, unit.unit, 10_000, unhurried)).toEqual({ instances: 2, killed: 0 })
    expect(await under.ownProcesses()).toBe(0)
    expect(await under.ask(await innerOf(under, unit))).toBeUndefined()
  })
}

function describeInnerAddress(get: () => DriverUnderTest): void {
  it('gives a unit with several instances one inner address more, the same for ever, also to another driver object', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    const inner = await innerOf(under, unit)
    expect(await under.driver.addresses(under.app, unit.unit, unit.spec)).not.toContainEqual(inner)
    expect(await under.another().inner(under.app, unit.unit, unit.spec)).toEqual(inner)
    const next = under.unit('serves', { instances: 2, release: 2 })
    expect(await innerOf(under, next)).not.toEqual(inner)
  })

  it('reaches a single instance through the inner address', async () => {
    const under = get()
    const unit = under.unit('serves')
    const [instance] = await startAndWait(under, unit)
    expect(await under.ask(await innerOf(under, unit))).toBe(instance?.id)
  })

  it('gives no inner address to what does not listen', async () => {
    const { driver, app, unit } = get()
    const { unit: name, spec } = unit('serves', { instances: 2 })
    expect(await driver.inner(app, name, { ...spec, kind: 'worker' })).toBeUndefined()
  })
}

async function innerOf({ driver, app }: DriverUnderTest, { unit, spec }: RunnableUnit): Promise<Address> {
  const address = await driver.inner(app, unit, spec)
  if (address === undefined) throw new Error(`${unit.name} has no inner address`)
  return address
}

/** Places take turns in ways of their own, by chance too: so many questions reach everyone who is there. */
const mostQuestions = 64

/** The answers, one after the other, until everyone of `ids` has answered; at least four. */
async function askUntil(under: DriverUnderTest, address: Address, ids: readonly string[]): Promise<(string | undefined)[]> {
  const answers: (string | undefined)[] = []
  const isDone = () => answers.length >= 4 && ids.every((id) => answers.includes(id))
  while (!isDone() && answers.length < mostQuestions) answers.push(await under.ask(address))
  return answers
}
