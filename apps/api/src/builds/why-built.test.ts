import type { Artifact, ReleaseNumber } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { whyBuilt } from './why-built.ts'

const parts = { source: 's1', commands: 'c1', tools: 't1' }
const made = (inputs: string, more: object = {}) => ({ inputs, fresh: true, parts, ...more }) as unknown as Artifact
const in7 = (artifact: Artifact) => ({ release: 7 as ReleaseNumber, artifact })

test('a build says which part of what goes into it has changed', () => {
  expect(whyBuilt(made('b', { parts: { ...parts, source: 's2', tools: 't2' } }), [in7(made('a'))])).toBe('changed since release 7: its files, the tools that build it')
  expect(whyBuilt(made('b'), [in7(made('a'))])).toBe('a variable has another value')
  expect(whyBuilt(made('a'), [in7(made('a'))])).toBe('what had been built was not kept')
})

test('what was not built says whose it is, which need not be the last one', () => {
  const six = { release: 6 as ReleaseNumber, artifact: made('a') }
  expect(whyBuilt(made('a', { fresh: false }), [in7(made('b')), six])).toBe('the same as for release 6')
})

test('nothing is said that is not known', () => {
  expect(whyBuilt(made('a'), [])).toBeUndefined()
  expect(whyBuilt(made('b', { parts: undefined }), [in7(made('a'))])).toBeUndefined()
  expect(whyBuilt(made('b', { fresh: false }), [in7(made('a'))])).toBeUndefined()
})
