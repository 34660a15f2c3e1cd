import { appViewSchema, releaseDetailSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { outcomeText } from './outcome-text.ts'
import { releaseText } from './release-text.ts'

const plain = (_style: unknown, text: string): string => text
const at = '2026-01-10T12:00:00.000Z'
const problem = { code: 'CHECKS_FAILED', message: '1 of 2 checks failed: /cart answers 500' } as const
const detail = releaseDetailSchema.parse({
  release: {
    app: 'shop', number: 4, kind: 'release', state: 'undone', startedAt: at, endedAt: at, source: { root: '/shop', blueprint: 'render.yaml', dirty: true },
    steps: [{ name: 'migrate', title: 'Run pre-deploy commands', moment: 'data' }, { name: 'verify', title: 'Check the candidate' }],
    outcome: { is: 'undone', at: 'verify', problem },
  },
  artifacts: [], keeps: {},
  journal: [{ is: 'started', step: 'verify', at }, { is: 'failed', step: 'verify', at, problem }],
  verdicts: [
    { check: 'service.health', service: 'web', is: 'pass', finding: '/healthz answers 200', tookMs: 3 },
    { check: 'web.pages', service: 'web', is: 'fail', finding: '/cart answers 500', reproduce: 'curl -i http://127.0.0.1:19000/cart', tookMs: 9 },
  ],
})

test('a release that failed is shown with its steps, every check, and why', () => {
  const [title, ...rest] = releaseText(detail, { paint: plain, columns: 80 }).split('\n')
  expect(title).toMatch(/^Release 4 of shop {2}undone, .* ago: the working tree/)
  expect(rest.join('\n').replaceAll(/ +0\.0 s/g, ' 0.0 s')).toBe(`✗ Check the candidate 0.0 s
Its checks:
  ✓ web service.health  /healthz answers 200
  ✗ web web.pages       /cart answers 500
    → curl -i http://127.0.0.1:19000/cart
✗ 1 of 2 checks failed: /cart answers 500 [CHECKS_FAILED]
`)
})

test('the last words say what stays changed, and where every check is seen', () => {
  const app = { name: detail.release.app, root: '/shop', place: 'process' as const, createdAt: at, live: null, last: null, previous: [], underWay: null, canary: null, services: [], resources: [], holds: {} }
  expect(outcomeText(detail.release, app, plain)).toContain('  If a pre-deploy command changed data, that stays changed.\n  See every check: plimsoll status --app shop --release 4\n')
})

test('the last words name the services that were left as they were', () => {
  const service = (name: string, kind: string, release?: number) => ({
    service: name, kind, instances: release === undefined ? [] : [{ id: `shop-${name}-r${release}-x`, unit: { name: `shop-${name}-r${release}`, service: name, release }, state: 'running', restarts: 0 }],
  })
  const released = { ...detail.release, state: 'live' as const, outcome: { is: 'completed' as const } }
  const app = appViewSchema.parse({
    name: 'shop', root: '/shop', createdAt: at, live: released, previous: [], underWay: null, resources: [], holds: {},
    services: [service('web', 'web', 4), service('api', 'web', 3), service('mailer', 'worker', 1), service('tidy', 'cron')],
  })
  expect(outcomeText(released, app, plain)).toBe('✓ Release 4 of shop is live in 0.0 s.\n  api and mailer run on: nothing of them has changed.\n')
  expect(outcomeText(released, { ...app, services: app.services.slice(0, 2) }, plain)).toContain('\n  api runs on: nothing of it has changed.\n')
  expect(outcomeText(released, { ...app, services: app.services.slice(0, 1) }, plain)).toBe('✓ Release 4 of shop is live in 0.0 s.\n')
})
