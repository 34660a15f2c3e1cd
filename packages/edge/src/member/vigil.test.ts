import { afterEach, beforeEach, expect, test } from 'vitest'
import { Vigil } from './vigil.ts'

let vigil: Vigil
let served: string[]
/** The looks that have begun, by how each ends. */
let looks: (() => void)[]
let isAlone: boolean

beforeEach(() => {
  vigil = new Vigil()
  served = []
  looks = []
  isAlone = true
  vigil.surroundings = { get isAlone() { return isAlone }, lookAround: async () => new Promise((resolve) => looks.push(resolve)) }
})
afterEach(() => vigil.end())

const come = (name: string): void => vigil.admit(() => served.push(name))
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('among others nobody waits', () => {
  isAlone = false
  come('one')
  expect([served, looks]).toEqual([['one'], []])
})

test('while it is alone each waits for a look that began after it had come', async () => {
  for (const name of ['one', 'two']) come(name)
  come('three')
  expect([served, looks.length]).toEqual([[], 1])
  looks[0]?.()
  await settled()
  expect([served, looks.length]).toEqual([['one'], 2])
  looks[1]?.()
  await settled()
  expect(served).toEqual(['one', 'two', 'three'])
})

test('whoever waits when it turns out to be back waits on for the word of the controller, said by who knows that it is back', async () => {
  come('one')
  const before = vigil.waking
  vigil.doubt()
  isAlone = false
  looks[0]?.()
  await settled()
  come('two')
  vigil.confirm(before)
  expect(served).toEqual([])
  vigil.confirm(vigil.waking)
  expect(served).toEqual(['one', 'two'])
})
