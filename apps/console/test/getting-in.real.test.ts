import type { Page } from 'playwright-core'
import { appNameSchema } from '@plimsoll/model'
import { beforeEach, describe, expect, test } from 'vitest'
import { whyNoBrowser, type WatchedPage } from './chromium.ts'
import { admin, type FakeApi, type World } from './fake-api.ts'
import { stageConsole } from './stage-console.ts'
import type { RunningConsole } from './start-console.ts'
import { app, audit, completed, minutesAgo, tokens, users } from './storefront.ts'
import { channels, deliveries, hook, hookEvents, previews } from './told.ts'

const skipped = whyNoBrowser()
if (skipped !== undefined) console.log(`apps/console/test/getting-in.real.test.ts ${skipped}`)

function aWorld(): World {
  const live = completed(13, { startedAt: minutesAgo(190), before: 12 })
  const warm = completed(12, { state: 'previous', startedAt: minutesAgo(1600), before: 11 })
  return { apps: [app(live.release, { previous: [12] })], releases: [live, warm], logs: [], verifications: [], who: admin, users, tokens, audit, channels, deliveries, hook, hookEvents, previews: [...previews] }
}

describe.skipIf(skipped !== undefined)('getting into the console', () => {
  let api: FakeApi
  let running: RunningConsole
  let watched: WatchedPage
  let page: Page

  const staged = stageConsole(aWorld, { signedIn: false })
  beforeEach(() => void ({ api, page, running, watched } = staged()))

  const open = (path: string) => page.goto(`${running.url}${path}`)
  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const button = (name: string) => page.getByRole('button', { name })
  const signIn = async (password: string) => {
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password').fill(password)
    await button('Sign in').click()
  }
  const path = () => new URL(page.url()).pathname

  test('who is not known is led to sign in, and from there to where they wanted to go', async () => {
    await open('/apps/storefront')
    await heading('Sign in')
    await signIn('wrong')
    await seen('The name or the password is wrong')
    await signIn('a long enough password')
    await heading('storefront')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ name: 'plimsoll_session', httpOnly: true, sameSite: 'Strict' })
    await button('Sign out').click()
    await heading('Sign in')
    expect(await page.context().cookies()).toEqual([])
    expect(api.steered).toEqual(['DELETE /v1/sessions/current null'])
  })

  test('a link lets a browser in and leads to what it names; one that is over says so', async () => {
    await open('/enter/link?to=%2Fapps%2Fstorefront')
    await heading('storefront')
    await page.context().clearCookies()
    await open('/enter/used')
    await seen('That link was used already, or its time is over.')
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])('nobody is led elsewhere by a link: %s', async (to) => {
    await open(`/enter/link?to=${encodeURIComponent(to)}`)
    await page.getByRole('link', { name: 'storefront', exact: true }).waitFor()
    expect(path()).toBe('/')
  })

  test('somebody who was invited chooses a password, and is in', async () => {
    await open('/join/invited')
    await heading('Welcome, Ada')
    await page.getByLabel('Password').fill('a long enough password')
    await page.getByLabel('The same again').fill('another long password')
    await button('Choose this password').click()
    await seen('The two passwords differ')
    await page.getByLabel('Password').fill('a long enough password')
    await page.getByLabel('The same again').fill('a long enough password')
    await button('Choose this password').click()
    await page.getByRole('link', { name: 'storefront', exact: true }).waitFor()
    await open('/join/used')
    await heading('This invitation does not work')
  })

  test('a session that ends while a page is open leads to sign in, and back', async () => {
    await open('/enter/link?to=%2Fapps%2Fstorefront')
    await heading('storefront')
    api.world.who = undefined
    await heading('Sign in')
    await signIn('a long enough password')
    await heading('storefront')
  })

  test('whoever may only see is offered nothing that changes something', async () => {
    api.world.who = { ...admin, grants: [{ app: appNameSchema.parse('storefront'), role: 'viewer' }] }
    await open('/enter/link?to=%2Fapps%2Fstorefront')
    await heading('storefront')
    expect(await button('Go back to release 12').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0)
    api.world.who = admin
    await button('Go back to release 12').waitFor()
    await page.getByRole('link', { name: 'People' }).waitFor()
  })

  test('an admin invites somebody by a link, changes what another may do, and removes them', async () => {
    await open('/enter/link?to=%2Fpeople')
    await seen('Bo <script>alert(1)</script>')
    await page.getByLabel('Name').fill('Cleo')
    await button('Make the link').click()
    await seen(`${running.url}/join/invited`)
    await page.getByText(/Change what Bo/).click()
    await button('Change').last().click()
    await button('Remove').last().click()
    await page.getByRole('dialog').getByText('Their sessions and all of their tokens end at once.').waitFor()
    await button('Remove Bo <script>alert(1)</script>').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(api.steered).toEqual([
      'POST /v1/users {"name":"Cleo","grants":[{"role":"releaser","app":"*"}]}',
      'PUT /v1/users/bo {"grants":[{"role":"releaser","app":"storefront"}],"version":3}',
      'DELETE /v1/users/bo null',
    ])
  })

  test('a token is shown once', async () => {
    await open('/enter/link?to=%2Ftokens')
    await page.getByLabel('What it is for').fill('Nightly')
    await page.getByLabel('Days').fill('7')
    await button('Make the token').click()
    await seen('plimsoll_t_shown-once')
    await page.reload()
    await seen('CI')
    expect(await page.getByText('plimsoll_t_shown-once').count()).toBe(0)
    expect(api.steered).toEqual(['POST /v1/tokens {"name":"Nightly","scope":"releaser","days":7}'])
  })

  test('an admin tells somebody more, tries who is told, and sees what became of messages', async () => {
    await open('/enter/link?to=%2Fnotifications')
    await seen('Old <b>tracker</b>')
    await seen('it answered 503: come back later (3 tries)')
    await button('Send a test').first().click()
    await seen('hooks.slack.com did not take it: it answered 404: no_service.')
    await page.getByText('Webhook', { exact: true }).click()
    await page.getByLabel('Name').and(page.locator(':visible')).fill('Deploys')
    await page.getByLabel('Address', { exact: true }).and(page.locator(':visible')).fill('https://deploys.example/hook')
    await page.getByLabel('A release is live').and(page.locator(':visible')).uncheck()
    await button('Tell by Webhook').click()
    await seen('whsec_shown-once')
    expect(api.steered.map((each) => each.replaceAll(/,?"release\.(?!live)[a-z-]+"/g, ''))).toEqual(['POST /v1/channels/ops/test null', 'POST /v1/channels {"name":"Deploys","app":"*","topics":["verification"],"way":{"kind":"webhook","url":"https://deploys.example/hook"}}'])
  })

  test('an admin settles what is done when a repository changes', async () => {
    await open('/enter/link?to=%2Fapps%2Fstorefront')
    await page.getByRole('link', { name: 'What is done when its repository changes' }).click()
    await seen('it comes from a fork')
    await page.getByLabel('Branch').fill('production')
    await button('Change it').click()
    await seen('signed-with-this')
    expect(api.steered).toEqual(['PUT /v1/apps/storefront/hook {"repository":"shop/storefront","branch":"production","directory":"","server":"https://github.com","onPush":"release","onPullRequest":"verify","forks":false}'])
  })

  test('somebody makes a preview of a branch, keeps one, and ends one after being told what becomes of it', async () => {
    await open('/enter/link?to=%2Fapps%2Fstorefront')
    await page.getByRole('link', { name: 'Previews' }).click()
    await seen('everything personal that is in them')
    await seen('The preDeployCommand of api ended with status 1')
    await page.getByLabel('Branch').fill('next')
    await button('Make it').click()
    await seen('storefront-next is being made.')
    await page.getByRole('button', { name: 'Keep', exact: true }).first().click()
    await button('Keep it').and(page.locator(':visible')).click()
    await page.getByRole('button', { name: 'End', exact: true }).first().click()
    await seen('Nothing of storefront is touched.')
    await button('End storefront-pr-12').and(page.locator(':visible')).click()
    await expect.poll(() => api.steered).toEqual(['POST /v1/apps/storefront/previews {"branch":"next"}', 'PUT /v1/apps/storefront/previews/storefront-pr-12/expiry {"days":null}', 'DELETE /v1/apps/storefront/previews/storefront-pr-12 null'])
    await page.getByRole('link', { name: 'storefront-pr-12' }).waitFor({ state: 'detached' })
    await page.getByLabel('At once').fill('3')
    await button('Change it').click()
    await seen('It holds for what is made from now on.')
    expect(api.steered.at(-1)).toBe('PUT /v1/apps/storefront/preview-settings {"data":"clone","secrets":[],"forks":false,"verify":false,"limit":3,"whenFull":"refuse","expireAfterDays":7}')
  })

  test('somebody chooses another password', async () => {
    await open('/enter/link?to=%2Faccount')
    await page.getByLabel('Current password').fill('a long enough password')
    await page.getByLabel('New password').fill('another long password')
    await page.getByLabel('The new one again').fill('another long password')
    await button('Change it').click()
    await seen('It is changed.')
    expect(api.steered).toEqual(['PUT /v1/me/password {"current":"a long enough password","next":"another long password"}'])
  })

  test('the audit log tells who was refused what', async () => {
    await open('/enter/link?to=%2Faudit')
    await seen('refused (FORBIDDEN)')
    await seen('destroyData: true')
  })

  test('under a name that the apps of this machine share it leads to the one that it has for itself', async () => {
    await page.goto(`${running.url.replace('127.0.0.1', 'localhost')}/sign-in?to=%2Faudit`)
    await page.waitForURL(`${running.url}/sign-in?to=%2Faudit`)
    await heading('Sign in')
    expect(watched.faults.splice(0).every((fault) => fault.startsWith('request: http://localhost:'))).toBe(true)
  })

  test('whoever comes from another site, for whom browsers keep the session back, is led on', async () => {
    const answer = await fetch(`${running.url}/sign-in?to=%2Fapps%2Fstorefront`, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(await answer.text()).toContain('content="0;url=/apps/storefront"')
  })
})
