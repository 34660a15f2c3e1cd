import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Why tests on this machine cannot use a browser, those of the console and those of whole releases; undefined where they can. Throws where PLIMSOLL_REQUIRE says that they must. */
export function whyNoBrowser(): string | undefined {
  if (existsSync(executablePath)) return undefined
  if ((process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('browser')) throw new Error(`PLIMSOLL_REQUIRE asks for a browser, and there is no ${executablePath}`)
  return 'skipped: no Chromium'
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath })
}

/** A page, and all that it did which no page of the console may do. */
export interface WatchedPage {
  readonly page: Page
  readonly faults: string[]
  readonly close: () => Promise<void>
}

/** Opens a page that notes console errors, exceptions, and every request that would leave this machine. */
export async function watchedPage(browser: Browser, options: { readonly width?: number; /** Of somebody who has signed in. */ readonly session?: string } = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 900 }, reducedMotion: 'reduce' })
  if (options.session !== undefined) await context.addCookies([{ name: 'plimsoll_session', value: options.session, domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Strict' }])
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') faults.push(`request: ${request.url()}`)
  })
  return { page, faults, close: () => context.close() }
}
