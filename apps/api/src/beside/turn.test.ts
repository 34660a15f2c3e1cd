import { expect, test } from 'vitest'
import { TurnTaking } from './turn.ts'
import type { Reached } from './who-is-reached.ts'

const me: Reached = { is: 'me' }
const anotherHolds: Reached = { is: 'another', holds: true }
const anotherStandsBy: Reached = { is: 'another', holds: false }
const nobody: Reached = { is: 'nobody' }

/** What is done after each look. */
function turns(looks: readonly (Reached | undefined)[], { holds }: { readonly holds: boolean }): string[] {
  const taking = new TurnTaking()
  return looks.map((look) => taking.next(look, { holds }))
}

test('the one that people reach takes the home, and not by a single answer', () => {
  expect(turns([me, me, me], { holds: false })).toEqual(['stay', 'stay', 'take'])
  expect(turns([me, me, anotherHolds, me, me], { holds: false })).toEqual(['stay', 'stay', 'stay', 'stay', 'stay'])
})

test('a candidate leaves the home alone for as long as people reach another one, also when that has died and nobody is reached for a moment', () => {
  expect(new Set(turns([...Array.from({ length: 200 }, () => anotherHolds), ...Array.from({ length: 20 }, () => nobody)], { holds: false }))).toEqual(new Set(['stay']))
})

test('the holder gives the home to the one that people reach in its place, and to nobody else', () => {
  expect(turns([anotherStandsBy, anotherStandsBy, anotherStandsBy], { holds: true })).toEqual(['stay', 'stay', 'give'])
  expect(turns([me, nobody, nobody, nobody, nobody], { holds: true })).toEqual(['stay', 'stay', 'stay', 'stay', 'stay'])
})

test('a share of the visitors that meets a candidate moves nothing', () => {
  const looks = Array.from({ length: 100 }, (_, at) => (at % 3 === 0 ? anotherStandsBy : me))
  expect(new Set(turns(looks, { holds: true }))).toEqual(new Set(['stay']))
})

test('an address that cannot be reached from here keeps a home from nobody for ever', () => {
  expect(turns(Array.from({ length: 30 }, () => nobody), { holds: false }).lastIndexOf('take')).toBe(29)
})

test('where no address is known, whoever finds the home free has it until its end', () => {
  expect(turns([undefined], { holds: false })).toEqual(['take'])
  expect(turns([undefined, undefined], { holds: true })).toEqual(['stay', 'stay'])
})
