import { expect, test } from 'vitest'
import { checksFailed, completed, release, undone } from '../../test/storefront.ts'
import { outcomeSentence } from './outcome-sentence.ts'

const at = 'verify'

test.each([
  [release(14), 'On its way. Not finished yet.'],
  [completed(14, {}).release, 'Released.'],
  [completed(15, { kind: 'rollback', backTo: release(13).number }).release, 'Went back to release 13.'],
  [undone(14, {}).release, 'Taken back at “Check the candidate”: 1 of 14 checks failed: the page /cart of web answers with status 500'],
  [release(14, { state: 'undone', outcome: { is: 'undone', at, problem: { code: 'INTERRUPTED', message: 'Stopped' } } }), 'Stopped by request at “Check the candidate”, and taken back.'],
  [release(14, { state: 'unchanged', outcome: { is: 'unchanged', at: 'compare' } }), 'Nothing was new.'],
  [release(14, { state: 'stuck', outcome: { is: 'stuck', at: 'gone', problem: checksFailed } }), `Stands at “gone”: ${checksFailed.message}`],
])('tells how a release ended in one line: %#', (of, sentence) => {
  expect(outcomeSentence(of)).toBe(sentence)
})
