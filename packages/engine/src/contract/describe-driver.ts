import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeDisks } from './describe-driver-disks.ts'
import { describeExec } from './describe-driver-exec.ts'
import { describeInner } from './describe-driver-inner.ts'
import { describeLogs } from './describe-driver-logs.ts'
import { describeMeasure } from './describe-driver-measure.ts'
import { describeNames } from './describe-driver-names.ts'
import { describeStop } from './describe-driver-stop.ts'
import { startAndWait, unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

/** What every place promises. `make` gives each test a place of its own. */
export function describeDriver(name: string, make: () => Promise<DriverUnderTest>): void {
  describe(`the driver contract: ${name}`, () => {
    let under: DriverUnderTest
    beforeEach(async () => {
      under = await make()
    })
    afterEach(() => under.dispose())
    describeAddresses(() => under)
    describeInner(() => under)
    describeNames(() => under)
    describeStart(() => under)
    describeStop(() => under)
    describeExec(() => under)
    describeLogs(() => under)
    describeMeasure(() => under)
    describeDisks(() => under)
  })
}

function describeAddresses(get: () => DriverUnderTest): void {
  it('gives a unit the same addresses for ever, also to another driver object', async () => {
    const { driver, app, another, unit } = get()
    const { unit: name, spec } = unit('serves', { instances: 2 })
    const first = await driver.addresses(app, name, spec)
    expect(first).toHaveLength(2)
    expect(await driver.addresses(app, name, spec)).toEqual(first)
    expect(await another().addresses(app, name, spec)).toEqual(first)
  })

  it('gives no two instances the same address', async () => {
    const { driver, app, unit } = get()
    const units = [1, 2, 3].map((release) => unit('serves', { release, instances: 2 }))
    const all = (await Promise.all(units.map(({ unit: name, spec }) => driver.addresses(app, name, spec)))).flat()
    expect(new Set(all.map(({ host, port }) => `${host}:${port}`)).size).toBe(6)
  })

  it('gives no address to what does not listen', async () => {
    const { driver, app, unit } = get()
    const { unit: name, spec } = unit('serves')
    expect(await driver.addresses(app, name, { ...spec, kind: 'worker' })).toEqual([])
  })
}

function describeStart(get: () => DriverUnderTest): void {
  it('sees nothing where nothing was started', async () => {
    const { driver, app } = get()
    expect(await driver.observe(app, unhurried)).toEqual([])
  })

  it('starts as many instances as the unit wants, each with its own id and address', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    const instances = await startAndWait(under, unit)
    expect(new Set(instances.map(({ id }) => id)).size).toBe(2)
    expect(instances.map(({ address }) => address)).toEqual(await under.driver.addresses(under.app, unit.unit, unit.spec))
  })

  it('starts once what is started twice', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    const first = await startAndWait(under, unit)
    const second = await startAndWait(under, unit)
    expect(second.map(({ id, pid }) => [id, pid])).toEqual(first.map(({ id, pid }) => [id, pid]))
  })

  it('starts once what two driver objects start at the same time', async () => {
    const under = get()
    const unit = under.unit('serves')
    await Promise.all([under.driver.start(unit, unhurried), under.another().start(unit, unhurried)])
    await startAndWait(under, unit)
    expect(await under.processes()).toBe(1)
  })

  it('completes a start that was cut off', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    const cut = new AbortController()
    const start = under.driver.start(unit, cut.signal).catch(() => 'cut off')
    cut.abort()
    await start
    expect(await startAndWait(under, unit)).toHaveLength(2)
    expect(await under.processes()).toBe(2)
  })

  it('shows what runs to another driver object', async () => {
    const under = get()
    const instances = await startAndWait(under, under.unit('serves'))
    expect(await under.another().observe(under.app, unhurried)).toEqual(instances)
  })

  it('shows at once that an instance ends by itself, with its exit code', async () => {
    const under = get()
    await under.driver.start(under.unit('exits'), unhurried)
    const exit = await waitUntil('the exit is seen', async () => (await under.driver.observe(under.app, unhurried))[0]?.exit, under)
    expect(exit).toEqual({ code: 3, signal: null })
  })

  it('starts a crashed instance again, under its id and at its address', async () => {
    const under = get()
    const [before] = await startAndWait(under, under.unit('serves'))
    if (before === undefined) throw new Error('nothing was started')
    await under.crash(before)
    const after = await waitUntil('it runs again', async () => {
      const [now] = await under.driver.observe(under.app, unhurried)
      return now?.state === 'running' && now.pid !== before.pid && now
    }, under)
    expect(after).toMatchObject({ id: before.id, address: before.address, restarts: 1 })
  })
}
