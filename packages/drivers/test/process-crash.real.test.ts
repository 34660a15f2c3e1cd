import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import type { RunnableUnit } from '@plimsoll/engine'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setTimeout as wait } from 'node:timers/promises'
import { app, makeProcessUnderTest, only, processesOf, runs, type ProcessUnderTest } from './process-under-test.ts'

const never = new AbortController().signal

let under: ProcessUnderTest
beforeEach(async () => {
  under = await makeProcessUnderTest()
})
afterEach(() => under.dispose())

describe('when Plimsoll is killed', () => {
  it('units run on, and are found again as they were', async () => {
    const other = startElsewhere(runs('node serves.mjs', { instances: 2 }))
    await other.said('started')
    await other.kill()
    const before = await under.driver.observe(app, never)
    await under.driver.superviseUnits(never)
    expect(await under.driver.observe(app, never)).toEqual(before)
    expect(before.map(({ state, restarts }) => [state, restarts])).toEqual([['running', 0], ['running', 0]])
  })

  it.each([0, 5, 15, 30, 60, 120])('%i ms into a start, the next start completes it and starts nothing twice', async (ms) => {
    const unit = runs('node serves.mjs', { instances: 2 })
    const other = startElsewhere(unit)
    await other.said('starting')
    await wait(ms)
    await other.kill()
    expect(await startAndWait(under, unit)).toHaveLength(2)
    expect(await under.processes()).toBe(2)
    expect(await under.ownProcesses()).toBe(1)
  })

  it('between the start of a process and the note about it, the process is found by its mark', async () => {
    const unit = runs('node serves.mjs')
    const other = startElsewhere(unit)
    await other.said('started')
    await other.kill()
    const [before] = await processesOf(under.home)
    await rm(join(under.home, 'units', app, unit.unit.name, 'run-0.json'))
    await rm(join(under.home, 'running'), { recursive: true })
    await startAndWait(under, unit)
    expect(await processesOf(under.home)).toEqual([before])
  })

  it('what dies meanwhile is started again by the next supervision', async () => {
    const other = startElsewhere(runs('node serves.mjs'))
    await other.said('started')
    await other.kill()
    const before = only(await under.driver.observe(app, never))
    await under.crash(before)
    await waitUntil('it is gone', async () => (await under.processes()) === 0, under)
    expect(only(await under.driver.observe(app, never)).state).toBe('exited')
    await under.driver.superviseUnits(never)
    const after = only(await under.driver.observe(app, never))
    expect(after).toMatchObject({ id: before.id, address: before.address, state: 'running', restarts: 1 })
  })

  it('what was adopted is started again when it dies', async () => {
    const other = startElsewhere(runs('node serves.mjs'))
    await other.said('started')
    await other.kill()
    await under.driver.superviseUnits(never)
    await under.crash(only(await under.driver.observe(app, never)))
    const after = await waitUntil('it runs again', async () => {
      const now = only(await under.driver.observe(app, never))
      return now.state === 'running' && now.restarts === 1 && now
    }, under)
    expect(after.exit).toBeUndefined()
  })

  it('a command that it left running is ended before the next one begins', async () => {
    const unit = runs('node serves.mjs')
    const other = startElsewhere(unit, 'node hangs-stubbornly.mjs')
    await waitUntil('the command runs', async () => (await processesOf(under.home)).length > 0, under)
    await other.kill()
    expect(await under.processes()).toBe(1)
    expect(await under.driver.exec({ ...unit, command: 'echo next', output: () => undefined }, never)).toMatchObject({ code: 0, log: ['next'] })
    expect(await under.processes()).toBe(0)
  })
})

/** The same as `under.driver.start`, or with a command `exec`, in a process that can be killed. */
function startElsewhere(unit: RunnableUnit, command = '') {
  const script = new URL('fixtures/start-and-wait.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, under.home, JSON.stringify(unit), command], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
  return {
    said: (word: string) => waitUntil(`it says ${word}`, () => output.includes(`${word}\n`), under),
    async kill() {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}
