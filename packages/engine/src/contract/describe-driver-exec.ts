import type { LogLine } from '@plimsoll/model'
import { expect, it } from 'vitest'
import type { ExecRequest } from '../driver.ts'
import { startAndWait, unhurried, type DriverUnderTest } from './driver-under-test.ts'
import { waitUntil } from './wait-until.ts'

export function describeExec(get: () => DriverUnderTest): void {
  it('runs a command in a unit that was never started, and hands on what it prints', async (test) => {
    const { driver, unit, commands, processes } = get()
    test.skip(!driver.can.exec, 'this place cannot run commands')
    const lines: LogLine[] = []
    const request: ExecRequest = { ...unit('serves'), command: commands.prints, output: (line) => lines.push(line) }
    expect(await driver.exec(request, unhurried)).toEqual({ code: 0, signal: null, log: ['one', 'two'] })
    expect(lines.map(({ text, service }) => [text, service])).toEqual([['one', request.unit.service], ['two', request.unit.service]])
    expect(await processes()).toBe(0)
  })

  it('returns the code and the last lines of a command that fails', async (test) => {
    const { driver, unit, commands } = get()
    test.skip(!driver.can.exec, 'this place cannot run commands')
    const result = await driver.exec({ ...unit('serves'), command: commands.fails, output: () => undefined }, unhurried)
    expect(result).toEqual({ code: 7, signal: null, log: ['no luck'] })
  })

  it('runs a command beside a running unit and leaves the unit alone', async (test) => {
    const under = get()
    test.skip(!under.driver.can.exec, 'this place cannot run commands')
    const unit = under.unit('serves')
    const before = await startAndWait(under, unit)
    await under.driver.exec({ ...unit, command: under.commands.prints, output: () => undefined }, unhurried)
    expect(await under.driver.observe(under.app, unhurried)).toEqual(before)
  })

  it('kills a command with all that it started when it is not wanted any more', async (test) => {
    const { driver, unit, commands, processes, clock } = get()
    test.skip(!driver.can.exec, 'this place cannot run commands')
    const abort = new AbortController()
    const lines: LogLine[] = []
    const run = driver.exec({ ...unit('serves'), command: commands.hangs, output: (line) => lines.push(line) }, abort.signal)
    const ended = run.then(() => 'ended', (error: unknown) => error)
    await waitUntil('it has begun', () => lines.some(({ text }) => text === 'waiting'), { clock })
    abort.abort(new Error('not wanted'))
    expect(await ended).toEqual(new Error('not wanted'))
    expect(await processes()).toBe(0)
  })

  it('gives the end of a run that is to happen once to whoever asks for it again, until another one begins', async (test) => {
    const under = get()
    test.skip(!under.driver.can.exec, 'this place cannot run commands')
    const run = (name: string, driver = under.driver) => driver.exec({ ...under.unit('serves'), command: under.commands.differs, output: () => undefined, once: { name, whenLost: 'tell' } }, unhurried)
    const first = await run('first')
    expect(first).toMatchObject({ code: 0, signal: null })
    expect(await run('first')).toEqual(first)
    expect(await run('first', under.another())).toEqual(first)
    expect((await run('second')).log).not.toEqual(first.log)
    expect((await run('first')).log).not.toEqual(first.log)
  })

  it('runs it again after a stop', async (test) => {
    const under = get()
    test.skip(!under.driver.can.exec, 'this place cannot run commands')
    const unit = under.unit('serves')
    const run = () => under.driver.exec({ ...unit, command: under.commands.differs, output: () => undefined, once: { name: 'only', whenLost: 'tell' } }, unhurried)
    const before = await run()
    await under.driver.stop(under.app, unit.unit, 1_000, unhurried)
    expect((await run()).log).not.toEqual(before.log)
  })

  it('tells of a unit of which only a command runs, and a stop ends that with all that it started', async (test) => {
    const under = get()
    test.skip(!under.driver.can.exec, 'this place cannot run commands')
    const unit = under.unit('serves')
    expect(await under.driver.units(under.app, unhurried)).toEqual([])
    const lines: LogLine[] = []
    const run = under.driver.exec({ ...unit, command: under.commands.hangs, output: (line) => lines.push(line), once: { name: 'only', whenLost: 'tell' } }, unhurried)
    await waitUntil('it has begun', () => lines.some(({ text }) => text === 'waiting'), under)
    expect(await under.another().units(under.app, unhurried)).toEqual([unit.unit])
    await under.another().stop(under.app, unit.unit, 1_000, unhurried)
    await run
    expect(await under.processes()).toBe(0)
    expect(await under.driver.units(under.app, unhurried)).toEqual([])
  })

  it('ends it and forgets it when it is not wanted any more', async (test) => {
    const under = get()
    test.skip(!under.driver.can.exec, 'this place cannot run commands')
    const abort = new AbortController()
    const lines: LogLine[] = []
    const once = { name: 'only', whenLost: 'tell' } as const
    const run = under.driver.exec({ ...under.unit('serves'), command: under.commands.hangs, output: (line) => lines.push(line), once }, abort.signal)
    const ended = run.then(() => 'ended', (error: unknown) => error)
    await waitUntil('it has begun', () => lines.some(({ text }) => text === 'waiting'), under)
    abort.abort(new Error('not wanted'))
    expect(await ended).toEqual(new Error('not wanted'))
    expect(await under.processes()).toBe(0)
    expect(await under.driver.exec({ ...under.unit('serves'), command: under.commands.prints, output: () => undefined, once }, unhurried)).toMatchObject({ log: ['one', 'two'] })
  })
}
