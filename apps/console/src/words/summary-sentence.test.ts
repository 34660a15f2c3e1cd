import { expect, test } from 'vitest'
import { summarySentence } from './summary-sentence.ts'

test.each([
  [{ state: 'passed', passed: 41, blocking: 0 }, '41 answers good, and nothing blocks.'],
  [{ state: 'passed', passed: 1, blocking: 0, paused: true }, '1 answer good, and nothing blocks a release with a pause.'],
  [{ state: 'blocked', passed: 30, blocking: 1 }, '1 answer blocks it; 30 answers good.'],
  [{ state: 'unsure', passed: 30, blocking: 0 }, 'Something had no answer; 30 answers good.'],
  [{ state: 'blocked', passed: 0, blocking: 0, problem: { code: 'BUILD_FAILED', message: 'The build of web failed' } }, 'The build of web failed'],
  [{ state: 'interrupted', passed: 3, blocking: 0 }, 'It was stopped before its end.'],
] as const)('%j is told as: %s', (summary, sentence) => {
  expect(summarySentence(summary)).toBe(sentence)
})
