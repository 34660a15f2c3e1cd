import { setTimeout as sleep } from 'node:timers/promises'
import type { launchBrowser } from '../../apps/console/test/chromium.ts'

/** What one page asks of a browser that sees it for the first time. Bytes are as they are sent. */
export interface PageWeight {
  readonly path: string
  readonly requests: number
  readonly scriptBytes: number
  readonly styleBytes: number
  readonly pageBytes: number
  readonly firstPaintMs: number
  readonly largestPaintMs: number
  /** Beyond 50 ms of each task that took longer, until two seconds after the page was loaded. */
  readonly blockedMs: number
  readonly shift: number
}

interface Weighing {
  readonly url: string
  readonly session: string
}

/** Each page slowed down as a phone of the middle is to this machine. */
const slowedDown = 4
const settleMs = 2_000

/** Has to be there before the first script of the page. */
const observe = `
  window.weighed = { largest: 0, blocked: 0, shift: 0 }
  new PerformanceObserver((list) => { for (const { startTime } of list.getEntries()) weighed.largest = startTime }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) weighed.blocked += Math.max(0, duration - 50) }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) weighed.shift += value }).observe({ type: 'layout-shift', buffered: true })`

const read = `(() => {
  const [page] = performance.getEntriesByType('navigation')
  const all = performance.getEntriesByType('resource')
  const sum = (ending) => all.filter(({ name }) => new URL(name).pathname.endsWith(ending)).reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0)
  const [paint] = performance.getEntriesByName('first-contentful-paint')
  return { requests: all.length + 1, scriptBytes: sum('.js'), styleBytes: sum('.css'), pageBytes: page.encodedBodySize, firstPaintMs: paint.startTime, largestPaintMs: weighed.largest, blockedMs: weighed.blocked, shift: weighed.shift }
})()`

/** Opens a page with nothing in the browser's cache. */
export async function weighPage(browser: Awaited<ReturnType<typeof launchBrowser>>, { url, session }: Weighing): Promise<Omit<PageWeight, 'path'>> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  try {
    await context.addCookies([{ name: 'plimsoll_session', value: session, domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Strict' }])
    const page = await context.newPage()
    await page.addInitScript(observe)
    const devtools = await context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowedDown })
    await page.goto(url, { waitUntil: 'load' })
    await sleep(settleMs)
    return await page.evaluate<Omit<PageWeight, 'path'>>(read)
  } finally {
    await context.close()
  }
}
