import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import type { RunnableUnit } from '@plimsoll/engine'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { app, idAt, makeProcessUnderTest, processesOf, runs, type ProcessUnderTest } from './process-under-test.ts'

const never = new AbortController().signal

let under: ProcessUnderTest
beforeEach(async () => {
  under = await makeProcessUnderTest()
})
afterEach(() => under.dispose())

it('is the address of the instance itself where there is only one', async () => {
  const unit = runs('node serves.mjs')
  expect([await under.driver.inner(app, unit.unit, unit.spec)]).toEqual(await under.driver.addresses(app, unit.unit, unit.spec))
})

it('lets the instances answer in turn', async () => {
  const unit = runs('node serves.mjs', { instances: 3 })
  const ids = (await startAndWait(under, unit)).map(({ id }) => id)
  const port = await innerPort(unit)
  const answers = await ask(port, 6)
  expect(new Set(answers.slice(0, 3))).toEqual(new Set(ids))
  expect(answers.slice(3)).toEqual(answers.slice(0, 3))
})

it('loses nothing but what was in flight on an instance that is killed', async () => {
  const unit = runs('node serves.mjs', { instances: 2 })
  const [killed, other] = await startAndWait(under, unit)
  if (killed === undefined || other === undefined) throw new Error('two instances were to be started')
  const port = await innerPort(unit)
  const before = await ask(port, 20)
  await under.crash(killed)
  const after = await ask(port, 200)
  expect(before).not.toContain(undefined)
  // One question at a time is asked, so that only one can have been in flight.
  expect(after.filter((answer) => answer === undefined).length).toBeLessThanOrEqual(1)
  const back = await waitUntil('the killed one answers again', async () => (await ask(port, 2)).includes(killed.id), under)
  expect(back).toBe(true)
})

it('is adopted by the next driver, which starts it again when it dies', async () => {
  const unit = runs('node serves.mjs', { instances: 2 })
  await startAndWait(under, unit)
  const port = await innerPort(unit)
  const first = await balancers()
  await under.driver.close()
  const next = under.another()
  await next.superviseUnits(never)
  expect(await balancers()).toEqual(first)
  expect((await next.observe(app, never)).map(({ restarts }) => restarts)).toEqual([0, 0])
  for (const pid of first) process.kill(pid, 'SIGKILL')
  await waitUntil('it answers again', () => idAt(port), under)
  expect(await balancers()).toHaveLength(1)
  expect(await ask(port, 2)).not.toContain(undefined)
})

it('is known again by its mark when what was noted about it is lost', async () => {
  const unit = runs('node serves.mjs', { instances: 2 })
  await startAndWait(under, unit)
  const first = await balancers()
  await under.driver.close()
  await rm(join(under.home, 'units', app, unit.unit.name, 'run-inner.json'))
  await rm(join(under.home, 'running'), { recursive: true })
  await under.another().start(unit, never)
  expect(await balancers()).toEqual(first)
})

it('is started again with the units after everything has died', async () => {
  const unit = runs('node serves.mjs', { instances: 2 })
  await startAndWait(under, unit)
  const port = await innerPort(unit)
  await under.driver.close()
  for (const { pid } of await processesOf(under.home)) process.kill(pid, 'SIGKILL')
  await waitUntil('all are gone', async () => (await processesOf(under.home)).length === 0, under)
  await under.another().superviseUnits(never)
  await waitUntil('it answers again', () => idAt(port), under)
  expect(await under.ownProcesses()).toBe(1)
})

it('lets an answer that is under way through it come to its end when the unit is stopped', async () => {
  const unit = runs('node answers-at-the-end.mjs', { instances: 2 })
  const ids = (await startAndWait(under, unit)).map(({ id }) => id)
  const answer = idAt(await innerPort(unit))
  await waitUntil('it is asked', async () => (await printed(unit)).includes('asked'), under)
  expect(await under.driver.stop(app, unit.unit, 10_000, never)).toEqual({ instances: 2, killed: 0 })
  expect(ids).toContain(await answer)
  expect(await processesOf(under.home)).toEqual([])
})

it('reaches an instance that was told to end for as long as it takes connections', async () => {
  const unit = runs('node serves-once-more.mjs', { instances: 2 })
  await startAndWait(under, unit)
  const port = await innerPort(unit)
  const stopped = under.driver.stop(app, unit.unit, 10_000, never)
  await waitUntil('both are told', async () => (await printed(unit)).filter((line) => line === 'told to end').length === 2, under)
  expect(new Set(await ask(port, 2)).size).toBe(2)
  expect(await stopped).toEqual({ instances: 2, killed: 0 })
  expect(await processesOf(under.home)).toEqual([])
})

it('stays with a unit that is given more or fewer instances, and reaches exactly those', async () => {
  await startAndWait(under, runs('node serves.mjs', { instances: 2 }))
  const port = await innerPort(runs('node serves.mjs', { instances: 2 }))
  const first = await balancers()
  for (const instances of [3, 1]) {
    const ids = (await startAndWait(under, runs('node serves.mjs', { instances }))).map(({ id }) => id)
    expect(new Set(await ask(port, 6))).toEqual(new Set(ids))
  }
  expect(await balancers()).toEqual(first)
})

it('is no instance, and prints nothing among what the instances print', async () => {
  const unit = runs('node serves.mjs', { instances: 2 })
  await startAndWait(under, unit)
  await ask(await innerPort(unit), 2)
  const [balancer] = await balancers()
  expect((await under.driver.observe(app, never)).map(({ pid }) => pid)).not.toContain(balancer)
  expect(await printed(unit)).toEqual(['listening', 'listening'])
})

it('says that its port is taken', { timeout: 60_000 }, async () => {
  const unit = runs('node serves.mjs', { instances: 2 })
  const port = await innerPort(unit)
  const other = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  try {
    const refused = await under.driver.start(unit, never).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'PORT_TAKEN', details: { service: 'web' } })
    expect(JSON.stringify(refused)).toContain('EADDRINUSE')
  } finally {
    await new Promise((resolve) => other.close(resolve))
  }
  await under.driver.stop(app, unit.unit, 1_000, never)
  expect(await processesOf(under.home)).toEqual([])
})

async function innerPort({ unit, spec }: RunnableUnit): Promise<number> {
  const address = await under.driver.inner(app, unit, spec)
  if (address === undefined) throw new Error('the unit listens nowhere')
  return address.port
}

async function ask(port: number, count: number): Promise<(string | undefined)[]> {
  const answers: (string | undefined)[] = []
  while (answers.length < count) answers.push(await idAt(port))
  return answers
}

async function balancers(): Promise<number[]> {
  return (await processesOf(under.home)).filter(({ role }) => role === 'inner').map(({ pid }) => pid)
}

async function printed({ unit }: RunnableUnit): Promise<string[]> {
  const texts: string[] = []
  for await (const { text } of under.driver.logs({ app, unit, tail: 50, follow: false }, never)) texts.push(text)
  return texts
}
