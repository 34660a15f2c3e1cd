import { expect, test } from 'vitest'
import { compareRounds, type Round } from './compare-rounds.ts'

const times = (ms: number): number[] => Array.from({ length: 100 }, (_, at) => ms * (1 + at / 200))
const round = (candidate: number, live: number): Round => ({ candidate: times(candidate), live: times(live) })

test('twice as slow in every round is much slower; in one it is not', () => {
  expect(compareRounds([round(20, 10), round(22, 11), round(30, 14), round(19, 10)])).toMatchObject({ is: 'much slower' })
  expect(compareRounds([round(10, 10), round(60, 10), round(11, 10), round(10, 11)])).toMatchObject({ is: 'alike' })
})

test('rounds that contradict each other are no verdict', () => {
  expect(compareRounds([round(20, 10), round(9, 10), round(25, 10), round(30, 10)])).toMatchObject({ is: 'unsure' })
})

test('a round of what is live that is as slow as the candidate\'s best is no verdict', () => {
  expect(compareRounds([round(20, 10), round(40, 24), round(20, 10), round(20, 10)])).toMatchObject({ is: 'unsure' })
})

test('a third slower in every round is worth a word, and a millisecond is not', () => {
  expect(compareRounds([round(40, 30), round(41, 30), round(39, 29)])).toMatchObject({ is: 'slower' })
  expect(compareRounds([round(1.2, 0.6), round(1.2, 0.6), round(1.2, 0.6)])).toMatchObject({ is: 'alike' })
})

test('of two rounds, or of a few answers, nothing is said', () => {
  expect(compareRounds([round(20, 10), round(20, 10)])).toBeUndefined()
  expect(compareRounds(Array.from({ length: 4 }, () => ({ candidate: [1, 2], live: [1, 2] })))).toBeUndefined()
})
