import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const browser = '/usr/bin/chromium'
const isThere = existsSync(browser) || (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('browser')

const spec = `
import { test as base, expect } from ${JSON.stringify(import.meta.resolve('playwright/test'))}
import { plimsoll } from ${JSON.stringify(new URL('../src/playwright.ts', import.meta.url).href)}

const test = base.extend(plimsoll({ service: 'api', web: 'web', database: 'main' }))

test('opens, and leads what the page was built with to the copy', async ({ page, db, api }) => {
  await page.goto('/')
  await expect(page.getByRole('heading')).toHaveText('from the api')
  expect(db.url).toBe('main_' + process.env.TEST_PARALLEL_INDEX)
  expect(await (await api('/')).text()).toBe('from the api')
})
test('fails', () => { expect(1).toBe(2) })
`

test.runIf(isThere)('a Playwright suite opens the copy in the browser that was found, with a database for its worker', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'playwright-'))
  const api = createServer((_, response) => response.setHeader('access-control-allow-origin', '*').end('from the api'))
  const web = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1></h1><script>fetch("http://api.shop.example:8080/").then((a) => a.text()).then((t) => { document.querySelector("h1").textContent = t })</script>'))
  try {
    const [apiPort, webPort] = await Promise.all([api, web].map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return (server.address() as AddressInfo).port
    }))
    await writeFile(join(directory, 'a.spec.mjs'), spec)
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }')
    const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('playwright')))
    const report = join(directory, 'report.json')
    const environment = { PATH: process.env['PATH'] ?? '', HOME: directory, PLIMSOLL_BROWSER: browser, PLIMSOLL_HOST_RULES: `MAP api.shop.example:8080 127.0.0.1:${apiPort}`, PLIMSOLL_WEB_URL: `http://127.0.0.1:${webPort}`, PLIMSOLL_API_URL: `http://127.0.0.1:${apiPort}`, PLIMSOLL_MAIN_DATABASE_URLS: '["main_0","main_1"]', PLAYWRIGHT_JSON_OUTPUT_NAME: report }
    // It ends with a failure, because one of its tests does.
    const { stdout } = await run(process.execPath, [cli, 'test', '--workers=1', '--reporter=json,line'], { cwd: directory, env: environment }).catch((error: unknown) => error as { readonly stdout: string })
    const { stats, suites } = JSON.parse(await readReport(report, stdout)) as { readonly stats: object; readonly suites: readonly { readonly title: string; readonly file: string }[] }
    expect(stats).toMatchObject({ expected: 1, unexpected: 1 })
    expect(suites).toMatchObject([{ title: 'a.spec.mjs', file: 'a.spec.mjs' }])
  } finally {
    for (const server of [api, web]) server.close().closeAllConnections()
    await rm(directory, { recursive: true })
  }
}, 120_000)

async function readReport(file: string, printed: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => { throw new Error(`Playwright wrote no report:\n${printed}`) })
}
