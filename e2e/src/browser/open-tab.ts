import type { Browser, Page, Response } from 'playwright-core'

/** A tab of a visitor of its own, and what became of it. */
export interface Tab {
  readonly page: Page
  /** Whether it is still the document that was opened, and no other was loaded since. */
  isSame(): Promise<boolean>
  /** Who answers the first request from now on that matches, as `web@3`. */
  answerer(matches: (response: Response) => boolean): Promise<string>
  /** Who answered each event stream that it opened. */
  readonly streams: readonly string[]
  /** Exceptions, scripts that were not there, and answers of 500 and above. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

/** Opens a page of the storefront and waits until its scripts run: that is when it asks for the stock. */
export async function openTab(browser: Browser, url: string): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const [faults, streams]: [string[], string[]] = [[], []]
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('response', (response) => {
    if (isFault(response)) faults.push(`${response.status()} ${response.url()}`)
    if (isStream(response)) void servedBy(response).then((unit) => streams.push(unit))
  })
  const running = page.waitForResponse(isStream)
  await page.goto(url)
  await running
  await page.evaluate(() => Object.assign(globalThis, { openedByTest: true }))
  return {
    page, faults, streams,
    isSame: () => page.evaluate(() => 'openedByTest' in globalThis),
    answerer: async (matches) => servedBy(await page.waitForResponse(matches)),
    close: () => context.close(),
  }
}

function isStream(response: Response): boolean {
  return response.url().includes('/stock/stream')
}

function isFault(response: Response): boolean {
  return response.status() >= 500 || (response.status() >= 400 && ['script', 'stylesheet'].includes(response.request().resourceType()))
}

async function servedBy(response: Response): Promise<string> {
  const instance = (await response.allHeaders())['x-served-by'] ?? `nobody (${response.status()})`
  const found = /-([a-z]+)-r(\d+)-/.exec(instance)
  return found === null ? instance : `${found[1]}@${found[2]}`
}
