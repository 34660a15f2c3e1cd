import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { whyNoBrowser } from './chromium.ts'
import { admin, type FakeApi, type World } from './fake-api.ts'
import { stageConsole } from './stage-console.ts'
import type { RunningConsole } from './start-console.ts'
import { app, completed, minutesAgo } from './storefront.ts'

const skipped = whyNoBrowser()
if (skipped !== undefined) console.log(`apps/console/test/insight.real.test.ts ${skipped}`)

function aWorld(): World {
  const live = completed(13, { startedAt: minutesAgo(190), before: 12 })
  const warm = completed(12, { state: 'previous', startedAt: minutesAgo(1600), before: 11 })
  return { apps: [app(live.release, { previous: [12] })], releases: [live, warm], logs: [], verifications: [], who: admin, users: [], tokens: [], audit: [], hasSample: true }
}

describe.skipIf(skipped !== undefined)('the console', () => {
  let api: FakeApi
  let running: RunningConsole
  let page: Page

  const staged = stageConsole(aWorld)
  beforeEach(() => void ({ api, page, running } = staged()))

  const open = (path: string) => page.goto(`${running.url}${path}`)
  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const button = (name: string) => page.getByRole('button', { name })
  const asReleaser = { ...admin, grants: [{ app: '*' as const, role: 'releaser' as const }] }

  test('offers the sample while there is no app, and shows how its release goes', async () => {
    api.world.apps = []
    await open('/')
    await heading('Nothing has been released yet')
    await button('Release the sample storefront').click()
    await page.waitForURL('**/apps/storefront/releases/13')
    expect(api.steered).toEqual(['POST /v1/sample/releases null'])
  })

  test('says what to type where there is no app, and no sample or no right to release it', async () => {
    for (const world of [{ hasSample: false }, { hasSample: true, who: asReleaser }]) {
      Object.assign(api.world, { apps: [], ...world })
      await open('/')
      await heading('Nothing has been released yet')
      await seen('plimsoll up')
      expect(await button('Release the sample storefront').count()).toBe(0)
    }
  })

  test('shows what a release changes, and before going back what that changes', async () => {
    await open('/apps/storefront/releases/13')
    const section = page.getByRole('region', { name: 'What changes' })
    for (const text of ['9 commits are new', 'Say <b>when</b> a parcel comes', 'One commit of release 12 is not in it', 'column orders.note is dropped', 'another value, set by a person', '38.4 MB, 1.3 MB more']) await section.getByText(text).first().waitFor()
    await open('/apps/storefront')
    await page.getByRole('link', { name: 'What that changes' }).click()
    await heading('From release 13 to release 12')
    await seen(/what pre-deploy commands have done stays done/)
  })

  test('tells where every value comes from, says loudly what is missing, and keeps a value that is never shown', async () => {
    await open('/apps/storefront')
    await page.getByRole('link', { name: 'Where all values come from' }).click()
    await heading('Environment of storefront')
    await seen('A value is missing')
    await seen('plimsoll env set --app storefront api/SMTP_PASSWORD=…')
    await seen('fromDatabase shop-db.connectionString')
    await page.getByLabel('Value of api/SMTP_PASSWORD').fill('correct horse')
    await button('Keep it').first().click()
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('details[open] input')?.value === '')
    await button('Forget it').first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(api.steered).toEqual(['PUT /v1/apps/storefront/values {"values":{"api/SMTP_PASSWORD":"correct horse"}}', 'DELETE /v1/apps/storefront/values/api%2FSTRIPE_SECRET_KEY null'])
    expect(await page.content()).not.toContain('correct horse')
  })

  test('lets nobody change a value who is no admin', async () => {
    api.world.who = asReleaser
    await open('/apps/storefront/environment')
    await heading('Environment of storefront')
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
  })

  test('shows how releases were built: what was built and why, and what the build waited for', async () => {
    await open('/apps/storefront')
    await page.getByRole('link', { name: 'How they are built' }).click()
    await heading('Builds of storefront')
    for (const text of ['Half within 21 s, 19 of 20 within 1 min 14 s, of 12.', 'holds', 'api → worker', 'built in 13 s, after 14 s until its turn', 'the same as for release 11']) await seen(text)
  })
})
