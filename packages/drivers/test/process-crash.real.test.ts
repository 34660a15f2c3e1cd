import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import type { RunnableUnit } from '@plimsoll/engine'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir as namesIn, readFile, rm, writeFile } from 'node:fs/promises'
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

  it('what it has half written is taken away by the next supervision', async () => {
    const unit = runs('node serves.mjs')
    await under.driver.start(unit, never)
    const dead = spawn('true')
    await once(dead, 'exit')
    const halves = ['', 'running', `units/${app}/${unit.unit.name}`].map((directory) => join(under.home, directory, `record.json.${dead.pid}-0123456789ab.tmp`))
    for (const half of halves) await writeFile(half, '{')
    const own = join(under.home, `record.json.${process.pid}-0123456789ab.tmp`)
    await writeFile(own, '{')
    await under.driver.superviseUnits(never)
    expect([...halves, own].filter(existsSync)).toEqual([own])
  })

  it('what dies meanwhile is started again by the next supervision', async () => {
    const other = startElsewhere(runs('node serves.mjs'))
    await other.said('started')
    await other.kill()
    const before = only(await under.driver.observe(app, never))
    await under.crash(before)
    // It loses its environment, by which it is counted, a moment before it has ended.
    await waitUntil('it is gone', async () => (await under.processes()) === 0 && only(await under.driver.observe(app, never)).state === 'exited', under)
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

  it('a command that is to run once goes on, and whoever asks for it next is given its lines and its end', async () => {
    const { file, unit, ask } = await onceUntil('go')
    expect(await under.processes()).toBe(1)
    const asked = ask('tell')
    await writeFile(file, '')
    expect(await asked).toEqual({ code: null, signal: 'SIGUSR1', log: ['begun', 'gone on'] })
    expect(await ask('tell')).toMatchObject({ signal: 'SIGUSR1' })
    expect(await under.processes()).toBe(0)
    expect(await namesIn(join(under.home, 'units', app, unit.unit.name, 'runs', 'go'))).toEqual(['exit', 'run.json'])
  })

  it('a command that is to run once and ended while nobody looked tells its end', async () => {
    const { file, ask } = await onceUntil('go')
    await writeFile(file, '')
    await waitUntil('it has ended', async () => (await under.processes()) === 0, under)
    expect(await ask('again')).toEqual({ code: null, signal: 'SIGUSR1', log: ['begun', 'gone on'] })
  })

  it('a command that is to run once and went down with the machine is told as lost, or run again, as was asked for', async () => {
    const { file, ask } = await onceUntil('go')
    await killAll()
    expect(await ask('tell')).toEqual({ code: null, signal: null, log: ['begun'] })
    await writeFile(file, '')
    expect(await ask('again')).toEqual({ code: null, signal: 'SIGUSR1', log: ['begun', 'gone on'] })
  })

  it('a driver that is closed leaves a command that is to run once to the next one', async () => {
    const { file, ask } = await onceUntil('go')
    const first = under.another()
    const asked = ask('tell', first)
    await first.close()
    await expect(asked).rejects.toThrow('runs on')
    expect(await under.processes()).toBe(1)
    await writeFile(file, '')
    expect(await ask('tell')).toMatchObject({ signal: 'SIGUSR1' })
  })
})

/** Begins a command that runs until a file is there, and kills the Plimsoll that began it; `ask` asks a living one for the same run. */
async function onceUntil(name: string) {
  const unit = runs('node serves.mjs')
  const file = join(under.home, 'go-on')
  const command = `echo begun; until [ -e ${file} ]; do sleep 0.02; done; echo gone on; kill -USR1 $$`
  const other = startElsewhere(unit, command, name)
  const log = join(under.home, 'logs', app, unit.unit.name, 'exec.log')
  await waitUntil('the command has begun', async () => (await readFile(log, 'utf8').catch(() => '')).includes('begun'), under)
  await other.kill()
  const ask = (whenLost: 'tell' | 'again', driver = under.driver) => driver.exec({ ...unit, command, output: () => undefined, once: { name, whenLost } }, never)
  return { file, unit, ask }
}

/** As a machine that goes down does: whole sessions, whose short-lived children come and go while we look. */
async function killAll(): Promise<void> {
  for (const session of new Set((await processesOf(under.home)).map((each) => each.session))) process.kill(-session, 'SIGKILL')
  await waitUntil('nothing runs', async () => (await under.processes()) === 0, under)
}

/** The same as `under.driver.start`, or with a command `exec`, in a process that can be killed. */
function startElsewhere(unit: RunnableUnit, command = '', name = '') {
  const script = new URL('fixtures/start-and-wait.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, under.home, JSON.stringify(unit), command, name], { stdio: ['ignore', 'pipe', 'inherit'] })
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
