import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HaproxyTerm } from './haproxy-term.ts'

/** Stands in the place of HAProxy's runtime socket, and keeps what it was told. */
let runtime: Server
let directory: string
let told: string[]
let events: EventEmitter
let isSure: boolean
let control: string | undefined
let settled: Promise<void>
let logged: string[]
let term: HaproxyTerm

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'haproxy-'))
  ;[told, logged, events] = [[], [], new EventEmitter()]
  ;[isSure, control, settled] = [true, join(directory, 'sock'), Promise.resolve()]
  runtime = createServer({ allowHalfOpen: true }, (socket) => socket.on('data', (line: Buffer) => {
    told.push(line.toString().trim())
    socket.end('\n')
    events.emit('told')
  })).listen(control)
  await once(runtime, 'listening')
  const keeper = { get control() { return control }, settled: async () => settled }
  term = new HaproxyTerm({ vigil: { get isSure() { return isSure } }, keeper, map: 'm', log: (line) => logged.push(line) })
})
afterEach(async () => {
  runtime.close()
  await rm(directory, { recursive: true })
})

async function tells(): Promise<string | undefined> {
  const one = once(events, 'told')
  term.look()
  await one
  return told.at(-1)
}

const until = async (count: number): Promise<void> => {
  while (told.length < count) {
    term.look()
    await new Promise((resolve) => setImmediate(resolve))
  }
}
const untils = (): number[] => told.map((line) => Number(line.replace('set map m until ', '')))

test('while the edge is sure HAProxy is told two seconds of the time to come, and again long before they are over', async () => {
  const began = Date.now()
  await until(2)
  const [first = 0, second = 0] = untils()
  expect(first).toBeGreaterThanOrEqual(began + 2_000)
  expect(first).toBeLessThan(began + 2_500)
  expect(second).toBeGreaterThanOrEqual(first + 490)
  expect(Date.now()).toBeLessThan(first)
})

test('as soon as the edge is unsure HAProxy is told that its time is over, and nothing more until the edge is sure', async () => {
  await tells()
  isSure = false
  expect(await tells()).toBe('set map m until 0')
  for (let look = 0; look < 20; look += 1) {
    term.look()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(told).toHaveLength(2)
  isSure = true
  expect(await tells()).not.toBe('set map m until 0')
})

test('a HAProxy that asks the edge is told that it may answer after all else that it was to be told, and not at all where the edge is unsure by then', async () => {
  const first = Promise.withResolvers<void>()
  settled = first.promise
  term.look()
  isSure = false
  term.look()
  expect(told).toEqual([])
  const one = once(events, 'told')
  first.resolve()
  await one
  expect(told).toEqual(['set map m until 0'])
})

test('another HAProxy is told at once, and one that could not be told as soon as it can be', async () => {
  await tells()
  const path = control
  control = join(directory, 'nobody')
  while (logged.length === 0) {
    term.look()
    await new Promise((resolve) => setImmediate(resolve))
  }
  control = path
  await until(2)
  expect(untils()[1]).toBeGreaterThan(0)
  expect(logged).toHaveLength(1)
})
