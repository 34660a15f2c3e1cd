import { expect, test } from 'vitest'
import { rollbackPlanSchema, rollbackSentences } from './rollback-plan.ts'

const plan = (more: object) => rollbackPlanSchema.parse({ app: 'shop', from: 7, to: 6, warm: true, services: [], preDeploy: [], paused: [], ...more })

test('says what changes, what stays, who hands work back, and that no schema has moved', () => {
  const services = [
    { service: 'web', kind: 'web', is: 'changes' }, { service: 'api', kind: 'web', is: 'stays' }, { service: 'mailer', kind: 'worker', is: 'changes' },
    { service: 'sweep', kind: 'cron', is: 'changes' }, { service: 'old', kind: 'static', is: 'returns' }, { service: 'new', kind: 'pserv', is: 'goes' },
  ]
  expect(rollbackSentences(plan({ services, warmUntil: '2026-01-01T12:30:00.000Z' }))).toEqual([
    'Release 6 still runs (until 12:30 UTC): all traffic goes to it in one instant.',
    'Changes: web.',
    'Stays as it is, because both releases share it: api.',
    'Work is handed back: mailer of release 7 finishes what it holds and ends, then that of release 6 starts.',
    'On schedule from then on as in release 6: sweep.',
    'Only in release 6, and starts again: old.',
    'Only in release 7, and serves no longer: new.',
    'No database is changed: no pre-deploy command has run since release 6, so its schema is the one that it knows.',
    'Release 7 stays warm, so that you can return to it the same way.',
  ])
})

test('says that a release which is no longer warm is started first', () => {
  expect(rollbackSentences(plan({ warm: false }))[0]).toContain('runs no longer: it is started from what was built')
})

test('names the pre-deploy commands that stay done, and counts the rest', () => {
  const preDeploy = [7, 7, 8, 9, 10].map((release) => ({ release, service: 'api', command: 'pnpm migrate' }))
  expect(rollbackSentences(plan({ preDeploy })).join(' ')).toContain('stays done (api in release 7 (pnpm migrate), api in release 7 (pnpm migrate), api in release 8 (pnpm migrate) and 2 more), and release 6 runs on the schema as it is now.')
})

test('warns of a schema that the release before cannot run on', () => {
  expect(rollbackSentences(plan({ paused: [7] })).join(' ')).toContain('Beware: release 7 was released with a pause')
})

test('where the place moves traffic it says that services go back one after the other, what that leaves, and that no push deploys them', () => {
  const services = [{ service: 'web', kind: 'web', is: 'changes' }, { service: 'api', kind: 'web', is: 'stays' }, { service: 'old', kind: 'web', is: 'returns' }, { service: 'new', kind: 'worker', is: 'goes' }]
  expect(rollbackSentences(plan({ services, warm: false, inPlace: { leaves: ['Disks stay as they are'] } }))).toEqual([
    'Nothing is built: each service is rolled back by a deploy of its own, one after the other. Until the last one is back, services of both releases serve together.',
    'Goes back: web.',
    'Stays as it is, because it runs that already: api.',
    'Only in release 6, and goes back to what it ran then: old.',
    'Only in release 7, and runs on, because nothing stops it there: new.',
    'Disks stay as they are.',
    'Auto-deploy is switched off for what goes back: the next push would deploy again what is gone back from.',
    'No database is changed: no pre-deploy command has run since release 6, so its schema is the one that it knows.',
    'Should a service not come up again, or not answer where people reach it, all go forward again to release 7.',
  ])
})
