// Measures what pages of the console ask of a browser: node bench/console.ts [--check]
import { cpus, loadavg, platform, release as kernel } from 'node:os'
import { launchBrowser, whyNoBrowser } from '../apps/console/test/chromium.ts'
import { startFakeApi } from '../apps/console/test/fake-api.ts'
import { builtConsole, startConsole } from '../apps/console/test/start-console.ts'
import { pagesOfConsole, wholeConsole } from '../apps/console/test/whole-console.ts'
import { weighPage, type PageWeight } from './console/weigh-page.ts'
import { renderBars, renderTable } from './render-bars.ts'

const skipped = whyNoBrowser()
if (skipped !== undefined) throw new Error(skipped)
await builtConsole()
const api = await startFakeApi(wholeConsole())
const running = await startConsole({ PLIMSOLL_API_URL: api.url })
const browser = await launchBrowser()
try {
  const weights: PageWeight[] = []
  // The first page of all also pays for what the server does once.
  await weighPage(browser, { url: `${running.url}/`, session: api.token })
  for (const path of Object.values(pagesOfConsole)) weights.push({ ...(await weighPage(browser, { url: `${running.url}${path}`, session: api.token })), path })
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Chromium ${browser.version()} slowed down four times; load average ${loadavg().map((load) => load.toFixed(1)).join(', ')}\n`)
  const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1)
  console.log(`${renderTable([['page', 'requests', 'scripts, kB', 'styles, kB', 'page itself, kB', 'first paint, ms', 'largest paint, ms', 'blocked, ms', 'shifted'], ...weights.map((each) => [each.path, String(each.requests), kilobytes(each.scriptBytes), kilobytes(each.styleBytes), kilobytes(each.pageBytes), each.firstPaintMs.toFixed(0), each.largestPaintMs.toFixed(0), each.blockedMs.toFixed(0), each.shift.toFixed(3)])])}\n`)
  const worst = (of: (weight: PageWeight) => number): number => Math.max(...weights.map(of))
  const results = [
    { what: 'scripts of the heaviest page, gzipped', bar: '≤ 150 kB', measured: `${kilobytes(worst(({ scriptBytes }) => scriptBytes))} kB`, held: worst(({ scriptBytes }) => scriptBytes) <= 150_000 },
    { what: 'styles of the heaviest page, gzipped', bar: '≤ 20 kB', measured: `${kilobytes(worst(({ styleBytes }) => styleBytes))} kB`, held: worst(({ styleBytes }) => styleBytes) <= 20_000 },
    { what: 'largest paint of the slowest page', bar: '≤ 2.5 s', measured: `${(worst(({ largestPaintMs }) => largestPaintMs) / 1_000).toFixed(2)} s`, held: worst(({ largestPaintMs }) => largestPaintMs) <= 2_500 },
    { what: 'time in which the slowest page answers nobody', bar: '≤ 200 ms', measured: `${worst(({ blockedMs }) => blockedMs).toFixed(0)} ms`, held: worst(({ blockedMs }) => blockedMs) <= 200 },
    { what: 'what moves on a page while it loads', bar: '≤ 0.1', measured: worst(({ shift }) => shift).toFixed(3), held: worst(({ shift }) => shift) <= 0.1 },
  ]
  console.log(renderBars(results))
  if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
} finally {
  await browser.close()
  await running.close()
  await api.close()
}
