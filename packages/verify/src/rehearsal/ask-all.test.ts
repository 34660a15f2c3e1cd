import { manualClock } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import { rehearsalOf } from '../../test/fake-rehearsal.ts'
import { askAll } from './ask-all.ts'
import type { Finding, RehearsalCheck } from './rehearsal-check.ts'

const never = new AbortController().signal
const good: Finding = { is: 'pass', finding: 'well' }

function check(id: string, ask: () => Promise<readonly Finding[]>, more: Partial<RehearsalCheck> = {}): RehearsalCheck {
  return { id, title: id, concern: 'health', limitMs: 5_000, ask, ...more }
}

async function answers(checks: readonly RehearsalCheck[]): Promise<Record<string, string>> {
  const asked = await askAll(rehearsalOf(), { checks, clock: manualClock(), width: 2, told: () => undefined }, never)
  return Object.fromEntries(asked.map(({ id, verdicts }) => [id, verdicts.map(({ is, because }) => (because === undefined ? is : `${is} because of ${because}`)).join()]))
}

test('what comes after a failure is skipped because of that failure, however far away, and after advice it is asked', async () => {
  expect(await answers([
    check('start', async () => [{ is: 'fail', finding: 'fell over' }]),
    check('page', async () => [good], { after: ['start'] }),
    check('link', async () => [good], { after: ['page'] }),
    check('title', async () => [{ is: 'fail', weight: 'advice', finding: 'plain' }]),
    check('text', async () => [good], { after: ['title'] }),
  ])).toEqual({ start: 'fail', page: 'skipped because of start', link: 'skipped because of start', title: 'fail', text: 'pass' })
})

test('a check that throws, or does not end, passes nothing, and one without an answer is no pass', async () => {
  expect(await answers([
    check('throws', async () => { throw new Error('no') }),
    check('hangs', () => new Promise(() => undefined), { limitMs: 20 }),
    check('silent', async () => []),
  ])).toEqual({ throws: 'inconclusive', hangs: 'inconclusive', silent: 'skipped' })
})
