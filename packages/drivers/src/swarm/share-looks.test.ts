import { manualClock } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import { shareLooks } from './share-looks.ts'

const never = new AbortController().signal

/** Looks that end when they are told to, each with its number. */
function looks(everyMs = 100) {
  const clock = manualClock()
  const ends: { seen: () => void; fails: (error: Error) => void }[] = []
  const ask = shareLooks(() => new Promise<number>((resolve, reject) => {
    const number = ends.length + 1
    ends.push({ seen: () => resolve(number), fails: reject })
  }), { clock, everyMs })
  return { clock, ends, ask }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('those who ask at the same time share one look, and who asks while it is made gets the next one', async () => {
  const { clock, ends, ask } = looks()
  const first = [ask(never), ask(never), ask(never)]
  await turn()
  expect(ends).toHaveLength(1)
  const later = [ask(never), ask(never)]
  ends[0]?.seen()
  expect(await Promise.all(first)).toEqual([1, 1, 1])
  await turn()
  expect(ends, 'it is too early for another one').toHaveLength(1)
  await clock.advance(100)
  await turn()
  ends[1]?.seen()
  expect(await Promise.all(later)).toEqual([2, 2])
})

test('one that takes long is waited for, and one that asks later does not wait', async () => {
  const { clock, ends, ask } = looks()
  const slow = ask(never)
  await turn()
  await clock.advance(500)
  const next = ask(never)
  await turn()
  expect(ends).toHaveLength(1)
  ends[0]?.seen()
  await slow
  await turn()
  expect(ends).toHaveLength(2)
  ends[1]?.seen()
  expect(await next).toBe(2)
})

test('a look that fails fails for those who wait for it, and the next one is made', async () => {
  const { clock, ends, ask } = looks()
  const failing = [ask(never), ask(never)]
  await turn()
  ends[0]?.fails(new Error('away'))
  for (const each of failing) await expect(each).rejects.toThrow('away')
  await clock.advance(100)
  const next = ask(never)
  await turn()
  ends[1]?.seen()
  expect(await next).toBe(2)
})

test('who gives up is told at once, and the others get what was seen', async () => {
  const { ends, ask } = looks()
  const impatience = new AbortController()
  const [given, stays] = [ask(impatience.signal), ask(never)]
  await turn()
  impatience.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  await expect(ask(impatience.signal)).rejects.toThrow('enough')
  ends[0]?.seen()
  expect(await stays).toBe(1)
  expect(ends).toHaveLength(1)
})
