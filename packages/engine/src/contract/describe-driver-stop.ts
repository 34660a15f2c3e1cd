import { expect, it } from 'vitest'
import { startAndWait, unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

export function describeStop(get: () => DriverUnderTest): void {
  it('succeeds in stopping nothing', async () => {
    const { driver, app, unit } = get()
    expect(await driver.stop(app, unit('serves').unit, 1_000, unhurried)).toEqual({ instances: 0, killed: 0 })
  })

  it('stops every instance, forgets the unit, and says how they ended', async () => {
    const under = get()
    const unit = under.unit('serves', { instances: 2 })
    await startAndWait(under, unit)
    expect(await under.driver.stop(under.app, unit.unit, 10_000, unhurried)).toEqual({ instances: 2, killed: 0 })
    expect(await under.driver.observe(under.app, unhurried)).toEqual([])
    expect(await under.processes()).toBe(0)
    expect(await under.driver.stop(under.app, unit.unit, 1_000, unhurried)).toEqual({ instances: 0, killed: 0 })
  })

  it('kills what ignores SIGTERM when its grace is over', async () => {
    const under = get()
    const unit = under.unit('ignores-sigterm')
    await startAndWait(under, unit)
    expect(await under.driver.stop(under.app, unit.unit, 300, unhurried)).toEqual({ instances: 1, killed: 1 })
    expect(await under.processes()).toBe(0)
  })

  it('reaches a server behind a shell that passes no signal on', async () => {
    const under = get()
    const unit = under.unit('wrapped')
    await startAndWait(under, unit)
    expect(await under.driver.stop(under.app, unit.unit, 10_000, unhurried)).toEqual({ instances: 1, killed: 0 })
    expect(await under.processes()).toBe(0)
  })

  it('never starts a unit again that is stopped during its back-off', async () => {
    const under = get()
    const unit = under.unit('exits')
    await under.driver.start(unit, unhurried)
    await waitUntil('it backs off', async () => (await under.driver.observe(under.app, unhurried))[0]?.state === 'backing-off', under)
    await under.driver.stop(under.app, unit.unit, 1_000, unhurried)
    await under.clock.sleep(1_500, unhurried)
    expect(await under.driver.observe(under.app, unhurried)).toEqual([])
    expect(await under.processes()).toBe(0)
  })

  it('stops what another driver object started', async () => {
    const under = get()
    const unit = under.unit('serves')
    await startAndWait(under, unit)
    expect(await under.another().stop(under.app, unit.unit, 10_000, unhurried)).toEqual({ instances: 1, killed: 0 })
    await under.clock.sleep(1_500, unhurried)
    expect(await under.processes()).toBe(0)
  })

  it('leaves other units alone', async () => {
    const under = get()
    const [one, two] = [under.unit('serves', { release: 1 }), under.unit('serves', { release: 2 })]
    await startAndWait(under, one)
    await under.driver.start(two, unhurried)
    await under.driver.stop(under.app, one.unit, 10_000, unhurried)
    const left = await under.driver.observe(under.app, unhurried)
    expect(left.map(({ unit }) => unit)).toEqual([two.unit])
  })
}
