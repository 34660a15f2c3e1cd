import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { crawlSite } from './crawl-site.ts'
import { pathOf } from './fetch-resource.ts'

const limits = { inFlight: 4, mostUrls: 20, depth: 1, timeoutMs: 250 }

/** path → its status, undefined for no answer. */
async function crawl(answer: RequestListener, seeds: readonly string[]): Promise<Readonly<Record<string, number | undefined>>> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const found = await crawlSite({ origin: `http://127.0.0.1:${port}`, seeds, own: { here: () => undefined, serviceAt: () => undefined, resolverRules: '' }, limits }, new AbortController().signal)
  return Object.fromEntries(found.map(({ url, status }) => [pathOf(url), status]))
}

test('what gave no answer beside others is asked again alone, and is there if it answers then', async () => {
  const asked = new Map<string, number>()
  const found = await crawl(({ url = '' }, response) => {
    asked.set(url, (asked.get(url) ?? 0) + 1)
    if (url !== '/busy' || asked.get(url) === 2) response.end()
  }, ['/', '/busy'])
  expect(found).toEqual({ '/': 200, '/busy': 200 })
  expect(Object.fromEntries(asked)).toEqual({ '/': 1, '/busy': 2 })
})

test('what hangs is told, and does not hold up the crawl once for each page that does', async () => {
  const asked: string[] = []
  const found = await crawl(({ url = '' }, response) => {
    asked.push(url)
    if (!url.startsWith('/hangs')) response.end()
  }, ['/hangs/1', '/hangs/2', '/hangs/3', '/'])
  expect(found).toEqual({ '/hangs/1': undefined, '/hangs/2': undefined, '/hangs/3': undefined, '/': 200 })
  expect(asked.toSorted()).toEqual(['/', '/hangs/1', '/hangs/1', '/hangs/2', '/hangs/3'])
})
