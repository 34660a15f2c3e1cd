// The pictures of docs/console.md: npm run pictures
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { launchBrowser, watchedPage } from './chromium.ts'
import { startFakeApi } from './fake-api.ts'
import { builtConsole, startConsole } from './start-console.ts'
import { pagesOfConsole, wholeConsole } from './whole-console.ts'

const directory = join(import.meta.dirname, '../../../docs/images/console')

await builtConsole()
await mkdir(directory, { recursive: true })
for (const old of await readdir(directory)) await rm(join(directory, old))
const api = await startFakeApi(wholeConsole())
const running = await startConsole({ PLIMSOLL_API_URL: api.url })
const browser = await launchBrowser()
try {
  for (const [name, path] of Object.entries(pagesOfConsole)) {
    const { page, faults, close } = await watchedPage(browser, { session: api.token })
    await page.goto(`${running.url}${path}`)
    await page.getByRole('main').waitFor()
    await page.screenshot({ path: join(directory, `${name}.png`) })
    if (faults.length > 0) throw new Error(`${path}: ${faults.join('; ')}`)
    await close()
  }
} finally {
  await browser.close()
  await running.close()
  await api.close()
}
