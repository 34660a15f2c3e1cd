import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { launchBrowser, whyNoBrowser } from '@plimsoll/console/test/chromium'
import { engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { whyNoDocker } from '@plimsoll/drivers/stand-in'
import { contract, type Artifact, type ReleaseDetail } from '@plimsoll/model'
import type { Browser, Response } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openTab, type Tab } from '../src/browser/open-tab.ts'
import { clearDocker } from '../src/docker/on-docker.ts'
import { standInImages } from '../src/docker/stand-in-images.ts'
import { createStorefrontRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

// Four builds of Next.js and more: what the edge does of it is tested every time, in packages/edge/test/skew.test.ts.
const noBrowser = whyNoBrowser()
const noDocker = await whyNoDocker(process.env)
const places = [{ on: 'process', skipped: noBrowser }, { on: 'docker', skipped: noBrowser ?? noDocker }] as const
const never = new AbortController().signal

const product = '/products/fishermans-sweater'
const elsewhere = '/products/watch-cap'
const isAction = (response: Response) => response.request().method() === 'POST' && response.request().headers()['next-action'] !== undefined
const isNavigation = (response: Response) => new URL(response.url()).pathname === elsewhere && response.request().headers()['rsc'] !== undefined && response.request().headers()['next-router-prefetch'] === undefined
const isCall = (response: Response) => response.url().includes('/v1/products/fishermans-sweater/reviews')

type Tabs = Readonly<Record<'script' | 'link' | 'action' | 'form' | 'call', Tab>>

for (const { on, skipped } of places) describe.skipIf(skipped !== undefined)(`on ${on}, tabs that were open during a release${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  const engine = on === 'docker' ? openDockerEngine(engineAddress(process.env)) : undefined
  let plimsoll: PlimsollHome
  let repo: FixtureRepo
  let browser: Browser
  let url: Record<'web' | 'api', string>
  const tabs: Tab[] = []

  beforeAll(async () => {
    plimsoll = await createPlimsollHome(engine === undefined ? {} : await standInImages(engine, never))
    repo = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
    browser = await launchBrowser()
    await command('up', '--on', on)
    const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app: 'storefront' } })
    const urlOf = (name: string): string => services.find(({ service }) => service === name)?.url ?? ''
    url = { web: urlOf('web'), api: urlOf('api') }
    for (let count = 0; count < 8; count += 1) await review(`Stands up to weather, ${count}`)
  }, 400_000)
  afterEach(async () => {
    for (const tab of tabs.splice(0)) await tab.close()
  })
  afterAll(async () => {
    await browser?.close()
    if (engine !== undefined) await clearDocker(engine, plimsoll.home, never)
    expect(await plimsoll.leave()).toEqual([])
  })

  async function command(...args: readonly string[]): Promise<CommandEnd> {
    const end = await plimsoll.run([...args, '--json'], { cwd: repo.directory })
    expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
    return end
  }

  async function review(body: string): Promise<void> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const answer = await fetch(`${url.api}/v1/reviews`, { method: 'POST', headers, body: JSON.stringify({ productSlug: 'fishermans-sweater', author: 'Ada', rating: 5, body }) })
    expect(answer.status).toBe(201)
  }

  /** One tab for each thing that visitors do. */
  async function openAll(): Promise<Tabs> {
    const open = async (): Promise<Tab> => openTab(browser, url.web + product)
    const [script, link, action, form, call] = await Promise.all([open(), open(), open(), open(), open()])
    tabs.push(script, link, action, form, call)
    return { script, link, action, form, call }
  }

  /** Does it all, and gives who answered. */
  async function useAll({ script, link, action, form, call }: Tabs, written: string): Promise<Record<'navigation' | 'action' | 'form' | 'call', string>> {
    const answers = { navigation: link.answerer(isNavigation), action: action.answerer(isAction), form: form.answerer(isAction), call: call.answerer(isCall) }
    await script.page.getByRole('button', { name: 'Size guide' }).click()
    await link.page.locator(`a[href="${elsewhere}"]`).first().click()
    await link.page.getByRole('heading', { level: 1, name: 'Watch cap' }).waitFor()
    await action.page.getByText('M', { exact: true }).first().click()
    await action.page.getByRole('button', { name: 'Add to bag' }).click()
    await form.page.getByRole('button', { name: 'Post' }).click()
    await form.page.getByRole('listitem').filter({ hasText: written }).waitFor()
    await call.page.getByRole('button', { name: 'Read the older ones' }).click()
    await call.page.getByText('Stands up to weather, 0').waitFor()
    return { navigation: await answers.navigation, action: await answers.action, form: await answers.form, call: await answers.call }
  }

  const writeReview = async ({ page }: Tab, body: string): Promise<void> => {
    await page.getByLabel('Name').fill('Grace')
    await page.getByLabel('How did it do?').fill(body)
  }

  async function edit(path: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(repo.directory, path), 'utf8')
    expect(text).toContain(from)
    await repo.write(path, text.replace(from, to))
  }

  /** Changes what visitors see, a script that is loaded late, and the API; releases that. */
  async function release(number: number): Promise<void> {
    await edit('apps/web/src/components/site-footer.tsx', 'Monday to Friday.', `Monday to Friday. Packed by ${number} hands.`)
    await edit('apps/web/src/components/size-guide.tsx', 'In centimetres', `As of ${number}. In centimetres`)
    await edit('apps/api/src/build-api.ts', "title: 'Halyard", `title: 'Halyard ${number}`)
    await command('release')
  }

  async function detail(number: number): Promise<ReleaseDetail> {
    return (await plimsoll.client()).call(contract.showRelease, { params: { app: 'storefront', release: String(number) } })
  }
  const webOf = ({ artifacts }: ReleaseDetail): Artifact => artifacts.find(({ service }) => service === 'web') ?? expect.unreachable('there is no web')

  /** The action that only a tab of release 1 knows by its name. */
  const renameAction = async (): Promise<void> => {
    const path = `apps/web/src/app${product.replace('fishermans-sweater', '[slug]')}`
    await edit(`${path}/actions.ts`, 'export async function addToBag(', 'export async function stow(')
    await edit(`${path}/add-to-bag.tsx`, 'import { addToBag, type', 'import { stow, type')
    await edit(`${path}/add-to-bag.tsx`, 'useActionState(addToBag,', 'useActionState(stow,')
  }

  test('go on with their own release while it is warm, and come to the live one by themselves three releases later', { timeout: 560_000 }, async () => {
    const [soon, late] = [await openAll(), await openAll()]
    await writeReview(soon.form, 'Sent after one release')
    await writeReview(late.form, 'Sent after three')
    await release(2)

    const answered = await useAll(soon, 'Sent after one release')
    expect(answered).toEqual({ navigation: 'web@1', action: 'web@1', form: 'web@1', call: 'api@1' })
    await soon.script.page.getByText(/^In centimetres/).waitFor()
    await soon.action.page.getByRole('link', { name: 'See the bag' }).waitFor()
    for (const tab of Object.values(soon)) {
      // A page within the tab opens a stream of its own, at the tab's release.
      expect([await tab.isSame(), [...new Set(tab.streams)], tab.faults]).toEqual([true, ['web@1'], []])
    }

    await release(3)
    await renameAction()
    await release(4)
    expect(await useAll(late, 'Sent after three')).toEqual({ navigation: 'web@4', action: 'web@4', form: 'web@4', call: 'api@4' })
    await late.script.page.getByText(/^In centimetres/).waitFor()
    await late.action.page.getByRole('heading', { name: 'The shop has been refitted.' }).waitFor()
    for (const tab of [late.link, late.form]) {
      await tab.page.getByText(/Packed by 4 hands/).waitFor()
      expect(await tab.isSame()).toBe(false)
    }
    for (const tab of [late.script, late.call]) {
      // The first stream ended with its release; what was live then has gone on with it.
      expect([await tab.isSame(), tab.streams]).toEqual([true, ['web@1', 'web@3']])
    }
    for (const [name, tab] of Object.entries(late)) expect(tab.faults, name).toEqual([])
  })

  // What follows is about files of this machine; images have tests of their own.
  if (engine !== undefined) return

  test('find an unchanged web app unchanged: its artifact, and, should that be lost, what the cache of Turborepo holds', { timeout: 300_000 }, async () => {
    const before = webOf(await detail(4))
    await edit('apps/api/src/build-api.ts', "title: 'Halyard", "title: 'Halyard once more")
    await command('release')
    expect(webOf(await detail(5))).toMatchObject({ fresh: false, digest: before.digest, deploymentId: before.deploymentId })

    await rm(`${plimsoll.home}/inputs/${before.inputs.replace('sha256:', '')}.json`)
    await edit('apps/api/src/build-api.ts', "title: 'Halyard", "title: 'Halyard and again")
    const { events } = await command('release')
    const printed = events.flatMap((event) => (event.event === 'line' && event.data.service === 'web' ? [event.data.text] : []))
    expect(printed.join('\n')).toContain('FULL TURBO')
    expect(webOf(await detail(6))).toMatchObject({ fresh: true, digest: before.digest, deploymentId: before.deploymentId })
  })

  test('are read by every release with the one key of the app', async () => {
    const [first, last] = [webOf(await detail(1)), webOf(await detail(4))]
    expect(first.deploymentId).not.toBe(last.deploymentId)
    const keyOf = async ({ files }: Artifact): Promise<unknown> => JSON.parse(await readFile(`${files}/apps/web/.next/standalone/apps/web/.next/server/server-reference-manifest.json`, 'utf8')).encryptionKey
    expect(await keyOf(first)).toBe(await keyOf(last))
    expect(await keyOf(first)).toMatch(/^[\w+/=]{40,}$/)
  })
})
