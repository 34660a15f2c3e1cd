import { expect, it } from 'vitest'
import type { RunnableUnit } from '../driver.ts'
import { unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

export function describeDisks(get: () => DriverUnderTest): void {
  it('keeps what a service writes to its disk, whichever release of it runs, as the user of its image, and also while none does', async () => {
    const under = get()
    // A place that keeps no disks has none to be tried, and does not say that it could.
    expect(under.keeps !== undefined).toBe(under.driver.can.disks === true)
    if (under.keeps === undefined) return
    const [first, second] = [under.keeps.unit(1), under.keeps.unit(2)]
    expect(await found(under, first)).toBe('found nothing')
    await under.driver.stop(under.app, first.unit, 10_000, unhurried)
    await under.another().start(second, unhurried)
    expect(await found(under, second)).toBe('found release 1')
  })

  it('has it in the next release while the one before still runs, and in no command', async () => {
    const under = get()
    // A place that keeps no disks has none to be tried, and does not say that it could.
    expect(under.keeps !== undefined).toBe(under.driver.can.disks === true)
    if (under.keeps === undefined) return
    const [first, second] = [under.keeps.unit(1), under.keeps.unit(2)]
    await found(under, first)
    expect(await found(under, second)).toBe('found release 1')
    const { path } = under.keeps
    const { log } = await under.driver.exec({ ...first, command: `ls -A ${path} || echo it is not there`, output: () => undefined }, unhurried)
    expect(log.join()).not.toContain('left')
    expect((await under.driver.observe(under.app, unhurried)).map(({ unit }) => unit.release).toSorted()).toEqual([1, 2])
  })
}

/** What it says of its disk once it runs. */
async function found({ driver, clock, app }: DriverUnderTest, unit: RunnableUnit): Promise<string> {
  await driver.start(unit, unhurried)
  return waitUntil('it tells what its disk has', async () => {
    for await (const { text } of driver.logs({ app, unit: unit.unit, tail: 10, follow: false }, unhurried)) if (text.startsWith('found ')) return text
    return undefined
  }, { clock, withinMs: 60_000 })
}
