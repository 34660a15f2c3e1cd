import { expect, test } from 'vitest'
import { inOneQuestion } from './in-one-question.ts'

const never = new AbortController().signal

test('all keys of one turn are asked for once, each once, and those of the next turn anew', async () => {
  const asked: (readonly string[])[] = []
  const lengthOf = inOneQuestion(async (words: readonly string[]) => {
    asked.push(words)
    return new Map(words.filter((word) => word !== 'none').map((word) => [word, word.length]))
  })
  expect(await Promise.all([lengthOf('a', never), Promise.resolve().then(async () => lengthOf('bb', never)), lengthOf('a', never), lengthOf('none', never)])).toEqual([1, 2, 1, undefined])
  expect(await lengthOf('a', never)).toBe(1)
  expect(asked).toEqual([['a', 'none', 'bb'], ['a']])
})

test('a question that fails fails for all who asked it, and for nobody after them', async () => {
  let fails = true
  const ask = inOneQuestion(async (keys: readonly string[]) => {
    if (fails) throw new Error(`no answer for ${keys.join(' and ')}`)
    return new Map(keys.map((key) => [key, key]))
  })
  const settled = await Promise.allSettled([ask('a', never), ask('b', never)])
  expect(settled.map((each) => (each.status === 'rejected' ? String(each.reason) : each.value))).toEqual(['Error: no answer for a and b', 'Error: no answer for a and b'])
  fails = false
  expect(await ask('a', never)).toBe('a')
})

test('whoever gives up waits no longer, and the others get their answer', async () => {
  const answer = Promise.withResolvers<ReadonlyMap<string, number>>()
  const ask = inOneQuestion(() => answer.promise)
  const leaving = new AbortController()
  const [one, other] = [ask('a', leaving.signal), ask('b', never)]
  leaving.abort(new Error('gone'))
  await expect(one).rejects.toThrow('gone')
  answer.resolve(new Map([['a', 1], ['b', 2]]))
  expect(await other).toBe(2)
  await expect(ask('a', leaving.signal)).rejects.toThrow('gone')
})
