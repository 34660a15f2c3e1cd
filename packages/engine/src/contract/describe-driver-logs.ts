import type { LogLine } from '@plimsoll/model'
import { expect, it } from 'vitest'
import type { RunnableUnit } from '../driver.ts'
import { startAndWait, unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

const printed = ['first', 'second', 'zwölf']

export function describeLogs(get: () => DriverUnderTest): void {
  it('has no lines of what never ran', async () => {
    const under = get()
    expect(await read(under, under.unit('serves'), 10)).toEqual([])
  })

  it('returns the last lines, oldest first, with what printed them', async () => {
    const under = get()
    const unit = under.unit('prints')
    const [instance] = await startAndWait(under, unit)
    await waitUntil('all is printed', async () => (await read(under, unit, 10)).length === 3, under)
    expect((await read(under, unit, 2)).map(({ text }) => text)).toEqual(printed.slice(1))
    const [line] = await read(under, unit, 1)
    expect(line).toMatchObject({ service: unit.unit.service, release: unit.unit.release, instance: instance?.id, stream: 'out' })
  })

  it('follows into the next run of an instance that crashes', async () => {
    const under = get()
    const unit = under.unit('prints')
    const [instance] = await startAndWait(under, unit)
    await waitUntil('all is printed', async () => (await read(under, unit, 10)).length === 3, under)
    const enough = new AbortController()
    const followed: string[] = []
    const following = (async () => {
      for await (const { text } of under.driver.logs({ app: under.app, unit: unit.unit, tail: 1, follow: true }, enough.signal)) {
        if (followed.push(text) === 1 && instance !== undefined) await under.crash(instance)
        if (followed.length === 4) enough.abort()
      }
    })()
    await waitUntil('the next run prints', async () => {
      // A place that restarts lazily does so when it is looked at.
      await under.driver.observe(under.app, unhurried)
      return followed.length === 4
    }, under)
    await following
    expect(followed).toEqual(['zwölf', ...printed])
  })

  it('ends to follow when its reader has had enough', async () => {
    const under = get()
    const enough = new AbortController()
    const unit = under.unit('serves')
    const lines = under.driver.logs({ app: under.app, unit: unit.unit, tail: 10, follow: true }, enough.signal)
    const done = lines[Symbol.asyncIterator]().next()
    enough.abort()
    expect(await done).toEqual({ done: true, value: undefined })
  })
}

async function read({ driver, app }: DriverUnderTest, { unit }: RunnableUnit, tail: number): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for await (const line of driver.logs({ app, unit, tail, follow: false }, unhurried)) lines.push(line)
  return lines
}
