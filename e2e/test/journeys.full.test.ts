import { rm, writeFile } from 'node:fs/promises'
import { client as oidcClient, startIdentityProvider, type IdentityProvider } from '@plimsoll/api/test/identity-provider'
import { builtConsole, server } from '@plimsoll/console/test/start-console'
import { launchBrowser, watchedPage, whyNoBrowser, type WatchedPage } from '@plimsoll/console/test/chromium'
import { createClient, readEndpoint } from '@plimsoll/client'
import { contract, releaseNumberSchema, type Release } from '@plimsoll/model'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openLine, type Line } from '../src/browser/open-line.ts'
import { pause } from '../src/load/pause.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

// A browser, the console as the API runs it, the API, its database and real releases of a real app: what people do there, from one end to the other.
const skipped = whyNoBrowser()
const password = 'a long enough password'
const params = { app: 'shop' }
const patience = { timeout: 120_000 }

describe.skipIf(skipped !== undefined)(`in a browser${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let plimsoll: PlimsollHome
  let shop: FixtureRepo
  let browser: Browser
  let provider: IdentityProvider
  let url: string
  /** While it is missing, a build waits. */
  let gate: string
  const open: WatchedPage[] = []
  const lines: Line[] = []

  beforeAll(async () => {
    await builtConsole()
    provider = await startIdentityProvider('localhost')
    plimsoll = await createPlimsollHome({ PLIMSOLL_CONSOLE: server, PLIMSOLL_OIDC_ISSUER: provider.issuer, PLIMSOLL_OIDC_CLIENT_ID: oidcClient.id, PLIMSOLL_OIDC_CLIENT_SECRET: oidcClient.secret, PLIMSOLL_OIDC_NAME: 'Harbour' })
    gate = `${plimsoll.home}/gate`
    shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({ build: `node --check shop-server.mjs; while [ ! -e ${gate} ]; do sleep 0.05; done; ! grep -q broken release.txt` }), files: { 'release.txt': 'first\n' } })
    await writeFile(gate, '')
    browser = await launchBrowser()
    expect((await plimsoll.run(['up', '--json'], { cwd: shop.directory })).code).toBe(0)
    await plimsoll.client().then((client) => client.call(contract.health, {})).then(({ console }) => { url = console ?? '' })
    await shop.change('second')
    await watchToTheEnd((await release()).number)
  }, 300_000)
  afterEach(async () => {
    await writeFile(gate, '')
    for (const { close } of open.splice(0)) await close()
    for (const line of lines.splice(0)) await line.close()
  })
  afterAll(async () => {
    await browser?.close()
    await provider?.close()
    expect(await plimsoll?.leave()).toEqual([])
  }, 120_000)

  /** A browser of its own, at a page to which the owner was let in. */
  async function asOwner(path: string, width?: number): Promise<WatchedPage> {
    const { out } = await plimsoll.run(['console', '--json'])
    const watched = await visitor(width)
    const link = (JSON.parse(out) as { url: string }).url
    // Its link is there before the console answers, when the API has just been started.
    await untilAnswered(() => watched.page.goto(`${link}?to=${encodeURIComponent(path)}`))
    return watched
  }
  async function visitor(width?: number): Promise<WatchedPage> {
    const watched = await watchedPage(browser, width === undefined ? {} : { width })
    open.push(watched)
    return watched
  }
  async function untilAnswered(go: () => Promise<unknown>): Promise<void> {
    for (const until = Date.now() + 60_000; ; await pause(200)) {
      const failed = await go().then(() => undefined, (error: unknown) => error)
      if (failed === undefined) return
      if (Date.now() > until) throw failed
    }
  }
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor({ timeout: 60_000 })
  const seen = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 60_000 })
  /** Each part of a page that is streamed says for itself that nothing comes. */
  const lost = (page: Page) => page.getByText(/The connection was lost|does not answer/).first()
  const button = (page: Page, name: string) => page.getByRole('button', { name })
  const release = async (): Promise<Release> => (await plimsoll.client()).call(contract.startRelease, { params, body: { source: { root: shop.directory, blueprint: 'render.yaml' }, skipVerify: 'what is tried here is the console', watchMs: 0 } })
  async function watchToTheEnd(number: number): Promise<Release> {
    const client = await plimsoll.client()
    for await (const event of client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') return event.data
    throw new Error('it has no end')
  }
  /** A release whose build waits at the gate. */
  async function held(text: string): Promise<Release> {
    await rm(gate, { force: true })
    await shop.change(text)
    return release()
  }
  const liveNumber = async (): Promise<number | undefined> => (await (await plimsoll.client()).call(contract.showApp, { params })).live?.number

  /** Invited by the owner, and in. */
  async function joined(name: string, role: 'viewer' | 'releaser' | 'admin'): Promise<WatchedPage> {
    const { code } = await (await plimsoll.client()).call(contract.inviteUser, { body: { name, grants: [{ app: 'shop' as never, role }] } })
    const watched = await visitor()
    await watched.page.goto(`${url}/join/${code}`)
    await heading(watched.page, `Welcome, ${name}`)
    await watched.page.getByLabel('Password').fill(password)
    await watched.page.getByLabel('The same again').fill(password)
    await button(watched.page, 'Choose this password').click()
    await watched.page.getByRole('link', { name: 'shop', exact: true }).waitFor()
    return watched
  }

  test('the first one comes in by the link of the machine, invites somebody, and that one signs in with a password', patience, async () => {
    const owner = await asOwner('/people')
    await owner.page.getByLabel('Name').fill('Ada')
    await button(owner.page, 'Make the link').click()
    const link = await owner.page.getByText(/\/join\//).first().innerText()
    const { page, faults } = await visitor()
    await page.goto(link.trim())
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('The same again').fill(password)
    await button(page, 'Choose this password').click()
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor()
    await button(page, 'Sign out').click()
    await heading(page, 'Sign in')
    await page.getByLabel('Name').fill('ada')
    await page.getByLabel('Password').fill(password)
    await button(page, 'Sign in').click()
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor()
    expect([...owner.faults, ...faults]).toEqual([])
  })

  test('somebody who was invited comes by the provider, which is another site, and again without the invitation; a stranger is told', patience, async () => {
    const { code } = await (await plimsoll.client()).call(contract.inviteUser, { body: { name: 'Dora', grants: [{ app: 'shop' as never, role: 'viewer' }] } })
    const { page, faults } = await visitor()
    await page.goto(`${url}/join/${code}`)
    await page.getByRole('link', { name: 'Join with Harbour' }).click()
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor()
    await button(page, 'Sign out').click()
    await page.goto(`${url}/apps/shop`)
    await page.getByRole('link', { name: 'Sign in with Harbour' }).click()
    await heading(page, 'shop')
    expect(await page.context().cookies(url)).toMatchObject([{ name: 'plimsoll_session', httpOnly: true, sameSite: 'Strict' }])
    await button(page, 'Sign out').click()
    for (const [person, fault, said] of [[{ sub: 'nobody-1' }, {}, 'Harbour knows you, and this Plimsoll does not'], [{ sub: 'ada-1' }, { claims: { nonce: 'another' } }, 'does not prove who you are']] as const) {
      Object.assign(provider, { person, fault })
      await page.getByRole('link', { name: 'Sign in with Harbour' }).click()
      await page.getByRole('alert').filter({ hasText: said }).waitFor()
    }
    expect(faults.filter((fault) => !fault.includes(provider.issuer))).toEqual([])
  })

  test('a release is watched from its beginning to its end, on a wide screen and on a phone, with the stream cut in between', patience, async () => {
    const { number } = await held('watched')
    const line = await openLine(url)
    lines.push(line)
    const wide = await asOwner('/')
    await wide.page.goto(`${line.url}/apps/shop/releases/${number}`)
    const phone = await asOwner(`/apps/shop/releases/${number}`, 390)
    for (const { page } of [wide, phone]) await heading(page, `Release ${number} is on its way`)
    expect(await phone.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    const loaded = await wide.page.evaluate(() => performance.timeOrigin)
    line.cut()
    await lost(wide.page).waitFor()
    line.mend()
    await lost(wide.page).waitFor({ state: 'detached' })
    await writeFile(gate, '')
    for (const { page } of [wide, phone]) await heading(page, `Release ${number} is live`)
    expect(await wide.page.evaluate(() => performance.timeOrigin)).toBe(loaded)
    expect(await liveNumber()).toBe(number)
  })

  test('a release that fails says why, and that the one before serves on', patience, async () => {
    const before = await liveNumber()
    await shop.change('broken')
    const { number } = await release()
    const { page, faults } = await asOwner(`/apps/shop/releases/${number}`)
    await heading(page, `Release ${number} failed and was taken back`)
    await seen(page, 'What was live before stayed live. Traffic was never switched.')
    expect(await liveNumber()).toBe(before)
    await seen(page, 'BUILD_FAILED')
    expect(faults).toEqual([])
    await shop.change('mended')
    await watchToTheEnd((await release()).number)
  })

  test('going back is asked for, done, and said', patience, async () => {
    const live = await liveNumber()
    const { page, faults } = await asOwner('/apps/shop')
    const back = page.getByRole('button', { name: /^Go back to release / })
    const to = Number((await back.first().innerText()).match(/\d+/)?.[0])
    await back.first().click()
    await button(page, `Switch to release ${to}`).click()
    await page.waitForURL(/\/releases\/\d+$/)
    const going = Number(new URL(page.url()).pathname.split('/').at(-1))
    expect(await watchToTheEnd(going)).toMatchObject({ kind: 'rollback', state: 'completed' })
    await seen(page, new RegExp(`Release ${to} serves everyone`))
    expect(to).not.toBe(live)
    expect(await liveNumber()).toBe(to)
    expect(faults).toEqual([])
  })

  test('of two people at once, the second sees what the first does; who may only look is offered nothing, and refused what they try', patience, async () => {
    const { number } = await held('by two')
    const one = await asOwner(`/apps/shop/releases/${number}`)
    const other = await joined('Bo', 'viewer')
    await other.page.goto(`${url}/apps/shop/releases/${number}`)
    await heading(other.page, `Release ${number} is on its way`)
    expect(await button(other.page, 'Stop this release').count()).toBe(0)
    await other.page.goto(`${url}/people`)
    await seen(other.page, /FORBIDDEN/)
    await other.page.goto(`${url}/apps/shop/releases/${number}`)
    await button(one.page, 'Stop this release').click()
    await button(one.page, 'Stop and take back').click()
    for (const { page } of [one, other]) await heading(page, `Release ${number} was stopped and was taken back`)
    expect(await watchToTheEnd(number)).toMatchObject({ state: 'undone', outcome: { problem: { code: 'INTERRUPTED' } } })
  })

  test('a session that ends while its page is open leads to sign in, and from there back', patience, async () => {
    const { page } = await joined('Cleo', 'releaser')
    await page.goto(`${url}/apps/shop`)
    await heading(page, 'shop')
    const [cookie] = await page.context().cookies()
    await createClient({ baseUrl: (await readEndpoint(plimsoll.home)).url, token: cookie?.value ?? '' }).call(contract.signOut, {})
    await heading(page, 'Sign in')
    await page.getByLabel('Name').fill('Cleo')
    await page.getByLabel('Password').fill(password)
    await button(page, 'Sign in').click()
    await heading(page, 'shop')
  })

  test('an API that is killed in the middle of a release: the page says so, and shows the same release going on when it is back', patience, async () => {
    const { number } = await held('through a crash')
    const { page } = await asOwner(`/apps/shop/releases/${number}`)
    await heading(page, `Release ${number} is on its way`)
    const loaded = await page.evaluate(() => performance.timeOrigin)
    const { pid } = await (await plimsoll.client()).call(contract.health, {})
    process.kill(pid, 'SIGKILL')
    await lost(page).waitFor()
    await plimsoll.run(['console'])
    await lost(page).waitFor({ state: 'detached', timeout: 90_000 })
    await heading(page, `Release ${number} is on its way`)
    await writeFile(gate, '')
    await heading(page, `Release ${number} is live`)
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded)
    expect(await (await plimsoll.client()).call(contract.showRelease, { params: { ...params, release: number } })).toMatchObject({ release: { number: releaseNumberSchema.parse(number), state: 'live' } })
  })
})
