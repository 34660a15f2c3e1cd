import { appNameSchema, serviceNameSchema, unitName, type Instance, type LogLine } from '@plimsoll/model'
import { expect, it } from 'vitest'
import type { RunnableUnit } from '../driver.ts'
import { unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

/** Service `c` of app `a-b` and service `b-c` of app `a` make units of the same name. */
export function describeNames(get: () => DriverUnderTest): void {
  it('gives two apps whose units have the same name addresses of their own', async () => {
    const { driver, unit } = get()
    const both = namesakes(unit('serves', { instances: 2 }))
    const all = (await Promise.all(both.map(({ app, unit: one, spec }) => Promise.all([driver.inner(app, one, spec), driver.addresses(app, one, spec)])))).flat(2)
    expect(new Set(all.map((address) => `${address?.host}:${address?.port}`)).size).toBe(6)
  })

  it('starts, shows and stops two apps whose units have the same name apart from each other', async () => {
    const { driver, unit } = get()
    const [one, two] = namesakes(unit('serves', { instances: 2 }))
    await driver.start(one, unhurried)
    await driver.start(two, unhurried)
    const before = await driver.observe(two.app, unhurried)
    expect(before).toHaveLength(2)
    expect(before.every(({ unit: { service } }) => service === two.unit.service)).toBe(true)
    await driver.stop(one.app, one.unit, 10_000, unhurried)
    expect(await driver.observe(one.app, unhurried)).toEqual([])
    // What was starting may be running by now.
    const whatStays = (instances: readonly Instance[]) => instances.map(({ id, unit: of, address, restarts }) => ({ id, of, address, restarts }))
    expect(whatStays(await driver.observe(two.app, unhurried))).toEqual(whatStays(before))
  })

  it('shows to an app only what its own units printed', async () => {
    const under = get()
    const [one, two] = namesakes(under.unit('prints'))
    await under.driver.start(one, unhurried)
    await waitUntil('it is printed', async () => (await printed(under, one)).length === 3, under)
    expect(await printed(under, two)).toEqual([])
  })

  it('runs commands of two apps whose units have the same name at the same time', async (test) => {
    const { driver, unit, commands, clock } = get()
    test.skip(!driver.can.exec, 'this place cannot run commands')
    const [one, two] = namesakes(unit('serves'))
    const abort = new AbortController()
    const lines: LogLine[] = []
    const first = driver.exec({ ...one, command: commands.hangs, output: (line) => lines.push(line) }, abort.signal).then(() => 'ended', (error: unknown) => error)
    await waitUntil('the first has begun', () => lines.some(({ text }) => text === 'waiting'), { clock })
    expect(await driver.exec({ ...two, command: commands.prints, output: () => undefined }, unhurried)).toMatchObject({ code: 0 })
    abort.abort(new Error('not wanted'))
    expect(await first).toEqual(new Error('not wanted'))
  })
}

function namesakes(unit: RunnableUnit): [RunnableUnit, RunnableUnit] {
  return [renamed(unit, 'a-b', 'c'), renamed(unit, 'a', 'b-c')]
}

function renamed(runnable: RunnableUnit, appName: string, serviceName: string): RunnableUnit {
  const [app, service] = [appNameSchema.parse(appName), serviceNameSchema.parse(serviceName)]
  const { release } = runnable.unit
  return {
    ...runnable,
    app,
    unit: { name: unitName(app, service, release), service, release },
    spec: { ...runnable.spec, service },
    artifact: { ...runnable.artifact, service },
  }
}

async function printed({ driver }: DriverUnderTest, { app, unit }: RunnableUnit): Promise<string[]> {
  const texts: string[] = []
  for await (const { text } of driver.logs({ app, unit, tail: 10, follow: false }, unhurried)) texts.push(text)
  return texts
}
