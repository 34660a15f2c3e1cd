import { expect, test } from 'vitest'
import type { RehearsalCheck } from '../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../rehearsal/rehearsal.ts'
import { skipChecks } from './skip-checks.ts'

const check = (id: string): RehearsalCheck => ({ id, title: id, concern: 'web', after: ['boot.start'], limitMs: 1, ask: () => Promise.resolve([{ is: 'pass', finding: 'asked' }]) })

test('a check that a configuration leaves out answers with the reason, also when what it comes after failed; a name that no check has is told', async () => {
  const { checks, unknown } = skipChecks([check('web.pages'), check('web.other')], { skip: [{ check: 'web.pages', reason: 'no licence' }, { check: 'web.gone', reason: 'x' }] })
  const answers = await Promise.all(checks.map((each) => each.ask({} as Rehearsal, new AbortController().signal)))
  expect(answers).toEqual([[{ is: 'skipped', finding: 'Left out by the configuration: no licence' }], [{ is: 'pass', finding: 'asked' }]])
  expect(checks.map(({ after }) => after)).toEqual([[], ['boot.start']])
  expect(unknown).toEqual(['web.gone'])
})
