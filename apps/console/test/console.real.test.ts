import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appNameSchema, digestSchema, serviceNameSchema } from '@plimsoll/model'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { whyNoBrowser, type WatchedPage } from './chromium.ts'
import type { FakeApi } from './fake-api.ts'
import { stageConsole } from './stage-console.ts'
import { startConsole, type RunningConsole } from './start-console.ts'
import { after, app, completed, detail, line, minutesAgo, release, steps } from './storefront.ts'
import { pagesOfConsole, wholeConsole } from './whole-console.ts'

const skipped = whyNoBrowser()
if (skipped !== undefined) console.log(`apps/console/test/console.real.test.ts ${skipped}`)

describe.skipIf(skipped !== undefined)('the console', () => {
  let api: FakeApi
  let running: RunningConsole
  let watched: WatchedPage
  let page: Page

  const staged = stageConsole(wholeConsole)
  beforeEach(() => void ({ api, page, running, watched } = staged()))

  const open = (path: string) => page.goto(`${running.url}${path}`)
  const openRelease = async (number: number) => {
    await open(`/apps/storefront/releases/${number}`)
    if (number === 15) await api.streaming('/releases/15/events')
  }
  const known = () => ({ headers: { cookie: `plimsoll_session=${api.token}` } })
  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const button = (name: string) => page.getByRole('button', { name })

  test('shows every app with what is live, how its services are, where they answer and how the last release ended', async () => {
    await open('/')
    await page.getByRole('link', { name: 'Release 13', exact: true }).waitFor()
    await seen('1 running, 2 restarts')
    await seen('Release 15 is on its way')
    await seen(/Taken back at “Check the candidate”/)
    expect(await page.getByRole('link', { name: 'web.storefront.localhost:7700' }).getAttribute('href')).toBe('http://web.storefront.localhost:7700')
  })

  test('notices by itself that a release went live', async () => {
    await open('/')
    const done = completed(15, { startedAt: minutesAgo(0.5) })
    api.world.apps = [app(done.release, { previous: [13] })]
    await page.getByRole('link', { name: 'Release 15', exact: true }).waitFor()
  })

  test('leads from the newest releases to the oldest, page by page', async () => {
    api.world.releases = Array.from({ length: 75 }, (_, index) => completed(75 - index, { startedAt: minutesAgo(index + 1) }))
    await open('/apps/storefront')
    await page.getByRole('link', { name: 'Release 56', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Older' }).click()
    await page.getByRole('link', { name: 'Release 55', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Older' }).click()
    await page.getByRole('link', { name: 'Release 1', exact: true }).waitFor()
    expect(await page.getByRole('link', { name: /^Release \d+$/ }).count()).toBe(5)
    expect(await page.getByRole('link', { name: 'Older' }).count()).toBe(0)
  })

  test('shows a release from its beginning to its end without a reload', async () => {
    await openRelease(15)
    await heading('Release 15 is on its way')
    await seen('Release 13 serves everyone. Nothing has changed for users.')
    const loaded = await page.evaluate(() => performance.timeOrigin)
    api.prints(15, line('web', '\u001B[32m✓\u001B[39m Compiled in 9.1s', { stream: 'build' }))
    await seen('✓ Compiled in 9.1s')
    const journal = () => api.world.releases[0]?.journal ?? []
    for (const { name } of steps.slice(2)) {
      if (name !== 'build') api.happens(15, { is: 'started', step: name, at: after(journal()) })
      if (name === 'hand-over-workers') await seen('Release 15 serves everyone now.')
      const gives = name === 'compare' ? { before: { live: { release: 13 } } } : {}
      api.happens(15, { is: 'done', step: name, at: after(journal(), 120), gives })
    }
    const done = completed(15, { startedAt: minutesAgo(0.5) })
    api.world.apps = [app(done.release, { previous: [13] })]
    api.ends(done.release)
    await heading('Release 15 is live')
    await button('Go back to release 13').waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: 'Users moved here' }).count()).toBe(1)
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded)
  })

  test('shows why a release failed: message, hint and log, and what users get', async () => {
    await openRelease(14)
    await heading('Release 14 failed and was taken back')
    await seen(/Release 13 is live, as before. Traffic was never switched./)
    await seen('1 of 14 checks failed: the page /cart of web answers with status 500')
    await seen('See the page yourself: curl -i http://127.0.0.1:41873/cart')
    await seen("TypeError: Cannot read properties of undefined (reading 'deliveryDate')")
    await seen('taken back')
  })

  test('asks before it stops a release, and stops nothing when told to leave it', async () => {
    await openRelease(15)
    await button('Stop this release').click()
    await seen('Release 13 serves everyone now and keeps serving.')
    await button('Leave it as it is').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(api.steered).toEqual([])
    await button('Stop this release').click()
    await button('Stop and take back').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(api.steered).toEqual(['POST /v1/apps/storefront/releases/15/interrupt null'])
  })

  test('says what going back does, goes back to the warm release, and shows how that goes', async () => {
    api.world.apps = [app(api.world.releases[2]?.release ?? null, { previous: [12] })]
    api.world.releases.unshift(detail(release(16, { kind: 'rollback', backTo: release(12).number }), []))
    await open('/apps/storefront')
    await button('Go back to release 12').click()
    await seen('Release 12 still runs: all traffic goes to it in one instant.')
    await button('Switch to release 12').click()
    await page.waitForURL('**/releases/16')
    await heading('Going back to release 12 is on its way')
    expect(api.steered).toEqual(['POST /v1/apps/storefront/rollback {"to":12}'])
  })

  test('says what differs in another place by name, and promotes there only when that is confirmed', async () => {
    const live = api.world.releases[2]?.release ?? release(13)
    const staging = app(live)
    const production = { ...app({ ...live, number: release(4).number, source: { ...live.source, domains: false } }), name: appNameSchema.parse('production') }
    api.world.apps = [staging, production]
    const web = { service: serviceNameSchema.parse('web') }
    const digest = digestSchema.parse(`sha256:${'a'.repeat(64)}`)
    api.world.promotions = { production: { app: production.name, from: { app: staging.name, release: live.number }, commit: 'abc1234', commits: { is: 'not known', why: 'the history is not there' }, artifacts: [{ ...web, digest, isLive: false }], variables: [{ ...web, key: 'GREETING', is: 'different', keptAs: 'web/GREETING' }] } }
    await openRelease(live.number)
    await button('Promote to production').click()
    await seen('Different from there: GREETING of web.')
    await button('Leave it as it is').click()
    expect(api.steered.filter((each) => !each.includes('preview'))).toEqual([])
    await button('Promote to production').click()
    await button('Release it in production').click()
    await page.waitForURL('**/apps/production/releases/*')
    expect(api.steered.filter((each) => !each.includes('preview'))).toEqual([`POST /v1/apps/production/promotions {"from":"storefront","release":${live.number},"domains":false}`])
  })

  test('follows logs, of one service when asked', async () => {
    await open('/apps/storefront')
    await seen('GET /v1/products 200')
    await page.getByRole('combobox', { name: 'Service' }).selectOption('web')
    await page.getByText('GET /v1/products 200').waitFor({ state: 'detached' })
    await seen('GET / 200 in 12ms')
    await button('Pause').click()
    await button('Follow again').waitFor()
  })

  test('lists what was verified, and shows why it may not be released, with what was seen and what nobody looked at', async () => {
    await open('/apps/storefront')
    await seen('1 answer blocks it; 2 answers good.')
    await page.getByRole('link', { name: 'Show the delivery date in the cart 9f3c2a7 on main' }).first().click()
    await heading('Do not release storefront: 2 checks block it.')
    await seen('web: /cart: answers 500')
    await seen('Not asked because of it: Under load it fails nobody')
    await page.getByText('Console and network of /cart').click()
    await seen("<b>TypeError</b>: Cannot read properties of undefined (reading 'deliveryDate')")
    expect(await page.getByRole('img', { name: '/cart of web, wide' }).count()).toBe(1)
    expect(await page.evaluate<number>('{ const picture = document.querySelector("figure img"); picture.decode().then(() => picture.naturalWidth) }')).toBe(1)
    await seen('checkout › pays with a card')
    await seen('Between services: No service is called by pages of another')
    expect(await page.getByRole('region', { name: 'Advice' }).getByText('web: /: a button has no name').count()).toBe(1)
    const evidence = `${running.url}/apps/storefront/verifications/mb4k2/evidence?file=`
    expect((await fetch(`${evidence}${encodeURIComponent('../secret')}`, known())).status).toBe(404)
    expect((await fetch(`${evidence}web/web/cart.wide.png`, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
  })

  test('leads from a release to what it was let through by', async () => {
    await openRelease(13)
    await seen('It was proven in a throw-away copy: 2 answers good, and nothing blocks.')
    await page.getByRole('link', { name: 'See all that was asked' }).click()
    await heading('storefront may be released: 2 answers are good and nothing blocks.')
  })

  test('tells how releases go, what is held and what is not known yet', async () => {
    await open('/apps/storefront')
    await page.getByRole('link', { name: 'How they go' }).click()
    await heading('How releases of storefront go')
    await seen('0 lost in 12 switches')
    await seen('holds')
    await seen('missed')
    await seen('not known yet')
    await seen('Inferred.')
  })

  describe('where there is no Plimsoll', () => {
    let home: string
    let lonely: RunningConsole
    // Not in the time of the test: on a busy machine the start of a whole server and its first page take half of that.
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'plimsoll-console-'))
      lonely = await startConsole({ PLIMSOLL_HOME: home })
      await (await fetch(lonely.url)).text()
    }, 120_000)
    afterAll(async () => {
      await lonely.close()
      await rm(home, { recursive: true })
    })

    test('says that Plimsoll is not there, and comes back by itself when it is', async () => {
      await page.goto(lonely.url)
      await heading('Plimsoll is not there')
      await seen('Start it: plimsoll up')
      await mkdir(join(home, 'api'))
      await writeFile(join(home, 'api/endpoint.json'), JSON.stringify({ url: api.url, pid: process.pid, version: '0.1.0' }))
      await page.getByRole('link', { name: 'storefront', exact: true }).waitFor()
      await page.goto('about:blank')
    })
  })

  test('has a page for what there is not', async () => {
    const answer = await open('/apps/nowhere')
    expect(answer?.status()).toBe(404)
    await heading('There is no such app or release')
    // Chromium itself reports the status of the page.
    expect(watched.faults.splice(0)).toEqual([expect.stringMatching(/404 .*\/apps\/nowhere/)])
  })

  test('has an icon for a browser that asks where it always did', async () => {
    const answer = await fetch(`${running.url}/favicon.ico`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/svg+xml')
  })

  test.each(Object.values(pagesOfConsole))('can be used by everyone: %s has no serious finding of axe, fits a phone, and sends no more scripts than a page may', async (path) => {
    for (const [width, colorScheme] of [[390, 'light'], [1600, 'dark'], [1600, 'light']] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await open(path)
      await page.getByRole('main').waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
      const found = await page.evaluate<string[]>(`${axe.source}; axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ' ' + nodes[0].html))`)
      expect(found).toEqual([])
      // As they are sent: gzipped.
      const scripts = await page.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) => new URL(name).pathname.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0))
      expect(scripts).toBeGreaterThan(10_000)
      expect(scripts).toBeLessThanOrEqual(150_000)
    }
  })

  test('never lets the token into a page', async () => {
    for (const path of ['/', '/apps/storefront', '/apps/storefront/releases/15', '/apps/storefront/verifications/mb4k2']) {
      expect(await (await fetch(`${running.url}${path}`, known())).text()).not.toContain(api.token)
    }
  })

  test('ends when it is asked to, though somebody watches a release', async () => {
    const ending = await startConsole({ PLIMSOLL_API_URL: api.url })
    const stream = await fetch(`${ending.url}/apps/storefront/releases/15/events`, known())
    const first = await stream.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toContain('retry:')
    await ending.close()
  })

  test('answers only under a name of this machine, and streams only to its own pages', async () => {
    const ask = (path: string, headers: Record<string, string>) => new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${running.url}${path}`, { headers }, (answer) => {
        answer.destroy()
        resolve(answer.statusCode)
      })
      asking.once('error', reject)
      asking.end()
    })
    expect(await ask('/', { host: 'rebound.example' })).toBe(421)
    expect(await ask('/apps/storefront/releases/15/events', { host: 'rebound.example' })).toBe(421)
    expect(await ask('/apps/storefront/logs', { 'sec-fetch-site': 'same-site' })).toBe(403)
    expect(await ask('/apps/storefront/releases/15/events', { origin: 'http://127.0.0.1:7701' })).toBe(403)
    expect(await ask('/', known().headers)).toBe(200)
  })
})
