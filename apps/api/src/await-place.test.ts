import { manualClock } from '@plimsoll/engine/fakes'
import { PlimsollError } from '@plimsoll/model'
import { beforeEach, expect, test } from 'vitest'
import { placeAwaiter } from './await-place.ts'

const never = new AbortController().signal
const away = { code: 'ENGINE_DOWN' }

/** How often the place does not answer from now on, and how often it was asked. */
let silences: number
let asked: number
let told: string[]
let clock: ReturnType<typeof manualClock>
let leaving: AbortController
let around: ReturnType<typeof placeAwaiter>
beforeEach(() => {
  silences = 0
  asked = 0
  told = []
  clock = manualClock({ auto: true })
  leaving = new AbortController()
  around = placeAwaiter({ clock, leaving: leaving.signal, tell: (text) => void told.push(text) })
})

function ask({ verb = 'start', args = [never] }: { readonly verb?: string; readonly args?: readonly unknown[] } = {}): Promise<unknown> {
  return around({ verb, args, go: async () => {
    asked += 1
    if (silences-- > 0) throw new PlimsollError('ENGINE_DOWN', 'No Docker engine answers')
    return 'done'
  } })
}

test('a place that goes away for seconds is asked again until it is back, and whoever watches is told once', async () => {
  silences = 50
  await expect(Promise.all([ask(), ask({ verb: 'stop' })])).resolves.toEqual(['done', 'done'])
  expect(told).toEqual(['No Docker engine answers; it is waited for'])
  silences = 1
  await ask()
  expect(told).toHaveLength(2)
})

test('a place that does not come back is given up after half a minute, and then at once until it has answered', async () => {
  silences = Infinity
  const began = clock.now()
  await expect(ask()).rejects.toMatchObject(away)
  expect(clock.now() - began).toBe(30_000)
  asked = 0
  await expect(ask()).rejects.toMatchObject(away)
  expect([asked, told.length]).toEqual([1, 1])
  silences = 0
  await ask()
  silences = 3
  await expect(ask()).resolves.toBe('done')
})

test('a command is asked for again only where it runs once, however often it is asked for', async () => {
  silences = 1
  await expect(ask({ verb: 'exec', args: [{ once: { name: 'pre-deploy', whenLost: 'again' } }, never] })).resolves.toBe('done')
  silences = 1
  asked = 0
  await expect(ask({ verb: 'exec', args: [{}, never] })).rejects.toMatchObject(away)
  expect(asked).toBe(1)
})

test('what a place refuses is said at once', async () => {
  await expect(around({ verb: 'start', args: [never], go: () => Promise.reject(new PlimsollError('ENGINE_REFUSED', 'no more addresses')) })).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
  expect(told).toEqual([])
})

test('nobody waits who leaves, and whoever does not want it any more is told by their own reason', async () => {
  silences = Infinity
  clock = manualClock()
  around = placeAwaiter({ clock, leaving: leaving.signal, tell: () => undefined })
  const cut = new AbortController()
  const [wanted, unwanted] = [ask().catch((error: unknown) => error), ask({ args: [cut.signal] }).catch((error: unknown) => error)]
  await clock.advance(200)
  cut.abort(new Error('not wanted'))
  expect(await unwanted).toEqual(new Error('not wanted'))
  leaving.abort()
  expect(await wanted).toMatchObject(away)
})
