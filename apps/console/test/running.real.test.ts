import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { whyNoBrowser } from './chromium.ts'
import { admin, type FakeApi, type World } from './fake-api.ts'
import { stageConsole } from './stage-console.ts'
import type { RunningConsole } from './start-console.ts'
import { after, app, completed, detail, journalOf, line, minutesAgo, release, undone } from './storefront.ts'
import { instances, second, takenOver } from './traffic.ts'

const skipped = whyNoBrowser()
if (skipped !== undefined) console.log(`apps/console/test/running.real.test.ts ${skipped}`)

/** Release 15 is under way, 14 was taken back before anybody met it, 13 is live. */
function aWorld(): World {
  const live = completed(13, { startedAt: minutesAgo(190), before: 12 })
  const begun = release(15, { startedAt: minutesAgo(0.1) })
  const journal = journalOf(begun, { done: 2 })
  const running = detail(begun, [...journal, { is: 'started', step: 'build', at: after(journal) }])
  return {
    apps: [app(live.release, { underWay: running.release, previous: [12] })], releases: [running, undone(14, { startedAt: minutesAgo(31) }), live],
    logs: [line('web', 'said by another'), { ...line('web', 'said by this one'), instance: 'storefront-web-r13-0-4f2a' }],
    traffic: { 13: takenOver(13, 12), 15: takenOver(15, 13, { painting: true, seconds: 30 }) }, instances: instances(13, 12),
    verifications: [], who: admin, users: [], tokens: [], audit: [],
  }
}

describe.skipIf(skipped !== undefined)('what runs, and what users get from it', () => {
  let api: FakeApi
  let running: RunningConsole
  let page: Page

  const staged = stageConsole(aWorld)
  beforeEach(() => void ({ api, page, running } = staged()))

  const open = (path: string) => page.goto(`${running.url}${path}`)
  const openRelease = (number: number) => open(`/apps/storefront/releases/${number}`)
  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

  test('draws what users got while a past release took over, says it in a sentence, and lists it in numbers', async () => {
    await openRelease(13)
    const figure = page.getByRole('figure', { name: /^0 of 14,\d{3} requests failed; p95 at most 42 ms before, 42 ms after\.$/ })
    await figure.waitFor()
    await figure.getByText('release 13 live').first().waitFor()
    await figure.getByText('The same in numbers').click()
    await figure.getByRole('rowgroup').filter({ hasText: 'Release 13 live' }).getByRole('row', { name: /^13 / }).waitFor()
    await openRelease(14)
    await heading('Release 14 failed and was taken back')
    expect(await page.getByRole('region', { name: 'What users get' }).count()).toBe(0)
  })

  test('draws what users get while a release takes over, second by second, to its end', async () => {
    await openRelease(15)
    await api.streaming('/releases/15/traffic/events')
    await seen(/^0 of 1,\d{3} requests failed; p95 at most 42 ms\.$/)
    const before = takenOver(15, 13, { painting: true, seconds: 61 })
    const point = second(60, 15, { from: Date.parse(before.points[0]?.from ?? ''), errors: 4 })
    const phases = before.phases.map((phase, i) => (i === 0 ? phase : { ...phase, releases: point.releases }))
    api.passes(15, { event: 'picture', data: { ...before, points: before.points.slice(0, -1), phases: before.phases.slice(0, 1) } })
    api.passes(15, { event: 'point', data: { point, phases, restarts: [] } })
    await seen(/^4 of 2,\d{3} requests were answered with an error; p95 at most 42 ms before, 56 ms after\.$/)
    await seen('release 15 live')
    const done = takenOver(15, 13)
    api.world.traffic = { 15: done }
    api.passes(15, { event: 'end', data: done })
    await seen('from a minute before anybody met it')
  })

  test('lists every instance with what it needs, and follows the log of one', async () => {
    await open('/apps/storefront')
    await page.getByRole('link', { name: 'Instances' }).click()
    await heading('Instances of storefront')
    await seen('3 of 4 running, 650 MB of memory in all.')
    await seen('212 of 512 MB')
    await seen('120 %')
    await seen('ended: it needed more than its 512 MB of memory, is started again')
    await page.getByRole('link', { name: 'Follow the log of web storefront-web-r13-0-4f2a' }).click()
    await seen('said by this one')
    expect(await page.getByText('said by another').count()).toBe(0)
  })
})
