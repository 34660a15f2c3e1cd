import { expect, it } from 'vitest'
import type { Needed } from '../driver.ts'
import { startAndWait, unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

export function describeMeasure(get: () => DriverUnderTest): void {
  it('tells what each running instance needs, by its id, and nothing of what does not run', async (test) => {
    const under = get()
    test.skip(!under.driver.can.measure, 'this place does not know what an instance needs')
    expect(await measure(under)).toEqual([])
    const instances = await startAndWait(under, under.unit('serves', { instances: 2 }))
    const needed = await waitUntil('both are measured', async () => {
      const all = await measure(under)
      return all.length === 2 && all
    }, under)
    expect(new Set(needed.map(({ instance }) => instance))).toEqual(new Set(instances.map(({ id }) => id)))
    for (const { memoryBytes, cpuMs, memoryLimitBytes = Infinity } of needed) {
      expect(memoryBytes).toBeGreaterThan(500_000)
      expect(memoryBytes).toBeLessThan(Math.min(2_000_000_000, memoryLimitBytes))
      expect(cpuMs).toBeGreaterThanOrEqual(0)
    }
    await under.driver.stop(under.app, under.unit('serves').unit, 10_000, unhurried)
    expect(await measure(under)).toEqual([])
  })

  it('counts processor time that only grows, of an instance as a whole', async (test) => {
    const under = get()
    test.skip(!under.driver.can.measure, 'this place does not know what an instance needs')
    const [instance] = await startAndWait(under, under.unit('wrapped'))
    const first = await needs(under, instance?.id)
    const later = await waitUntil('it has needed more', async () => {
      if (instance?.address !== undefined) await under.ask(instance.address)
      // A clock that stands still goes on when somebody sleeps.
      await under.clock.sleep(20, unhurried)
      const now = await needs(under, instance?.id)
      return now.cpuMs > first.cpuMs && now
    }, under)
    expect(later.at).toBeGreaterThan(first.at)
    // It is the grandchild that serves: the shells before it have used a few milliseconds at most.
    expect(first.memoryBytes).toBeGreaterThan(1_000_000)
  })
}

function measure({ driver, app }: DriverUnderTest): Promise<readonly Needed[]> {
  return driver.measure(app, unhurried)
}

async function needs(under: DriverUnderTest, id: string | undefined): Promise<Needed> {
  return waitUntil('it is measured', async () => (await measure(under)).find(({ instance }) => instance === id), under)
}
