import { manualClock } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import { recent } from './recent.ts'

const never = new AbortController().signal

test('an answer counts for a while, for its own question', async () => {
  const clock = manualClock()
  let asked = 0
  const ask = recent({ clock, forMs: 1_000 }, async (question: string) => `${question} ${asked += 1}`)
  expect([await ask('a', never), await ask('a', never), await ask('b', never)]).toEqual(['a 1', 'a 1', 'b 2'])
  await clock.advance(1_000)
  expect(await ask('a', never)).toBe('a 3')
})

test('a failure is asked about again', async () => {
  const answers = [Promise.reject(new Error('down')), Promise.resolve('up')]
  const ask = recent({ clock: manualClock(), forMs: 1_000 }, async () => answers.shift())
  await expect(ask('a', never)).rejects.toThrow('down')
  expect(await ask('a', never)).toBe('up')
})
