import type { Verdict } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { blueGreen } from '../blue-green.ts'
import { memoryJournal } from '../fakes/memory-journal.ts'
import { releaseWorld } from '../fakes/release-world.ts'
import type { Proof, Provable, Prover } from '../prover.ts'
import { prove, unproven } from './prove.ts'

const verdict = (check: string, more: Partial<Verdict>): Verdict => ({ check, is: 'pass', finding: `${check} was asked`, tookMs: 1, ...more })

/** Says of everything the same, and notes what it was asked of. */
function prover(proof: Partial<Proof>): Prover & { readonly asked: Provable[] } {
  const asked: Provable[] = []
  return {
    asked,
    async prove(subject) {
      asked.push(subject)
      return { verification: 'v7', reused: true, is: 'passed', verdicts: [], report: '/reports/v7/report.html', ...proof }
    },
  }
}

test('a release is proven with what it would run, against what is live, before anything of it starts', async () => {
  const first = prover({})
  const world = releaseWorld({ prover: first, onMigrate: () => expect(first.asked.length).toBeGreaterThan(0) })
  expect(await world.release(1, blueGreen.steps)).toMatchObject({ is: 'completed' })
  world.world.code = 'v2'
  const journal = memoryJournal()
  expect(await world.release(2, blueGreen.steps, { journal })).toMatchObject({ is: 'completed' })
  expect(first.asked.map(({ app, live }) => [app, live])).toEqual([['shop', undefined], ['shop', 1]])
  for (const { artifacts, specs } of first.asked) expect(Object.keys(artifacts ?? {})).toEqual(specs.map(({ service }) => service))
  const done = journal.entries.find((entry) => entry.is === 'done' && entry.step === prove.name)
  expect(done).toMatchObject({ gives: { proof: { verification: 'v7', reused: true } } })
})

test.each<[string, Partial<Proof>, { code: string; message: RegExp }]>([
  ['a check failed', { is: 'blocked', verdicts: [verdict('boot.start', { is: 'fail', finding: 'web ended at once' }), verdict('web.titles', { is: 'fail', weight: 'advice' }), verdict('boot.port', {})] }, { code: 'CHECKS_FAILED', message: /^1 of 3 checks failed .*: boot\.start: web ended at once$/ }],
  ['what had to be known could not be found out', { is: 'unsure', verdicts: [verdict('release.switch', { is: 'inconclusive', finding: 'no room for both' })] }, { code: 'UNPROVEN', message: /release\.switch: no room for both$/ }],
  ['its verification came to nothing', { is: 'unsure' }, { code: 'UNPROVEN', message: /did not come to its end$/ }],
])('a release of which %s is given up, with nothing of it started and the release before live', async (_why, proof, { code, message }) => {
  const says = [prover({}), prover(proof)]
  const world = releaseWorld({ prover: { prove: async (...asked) => (says.shift() ?? prover({})).prove(...asked) } })
  await world.release(1, blueGreen.steps)
  const before = await world.units()
  world.world.code = 'v2'
  const outcome = await world.release(2, blueGreen.steps)
  expect(outcome).toMatchObject({ is: 'undone', problem: { code, hint: expect.stringMatching(/\/reports\/v7\/report\.html.*--skip-verify/), message: expect.stringMatching(message) } })
  expect([await world.live(), await world.units()]).toEqual([1, before])
})

test('a release that is begun as unproven asks nobody', async () => {
  const nobody = prover({ is: 'blocked' })
  const world = releaseWorld({ prover: nobody })
  expect(await world.release(1, unproven(blueGreen.steps))).toMatchObject({ is: 'completed' })
  expect(nobody.asked).toEqual([])
})
