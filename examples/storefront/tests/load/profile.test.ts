import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite, test } from 'node:test'
import { apiUrl, webUrl } from '../shop.ts'

/** Visitors who arrive whether or not those before them were served: a slow answer keeps nobody from coming. */
interface Profile {
  readonly perSecond: number
  readonly seconds: number
  readonly urls: readonly string[]
}

/** In milliseconds; wide enough for a machine that does much else. */
const LIMITS = { median: 1_000, p95: 4_000 }

suite('a busy afternoon', () => {
  test('every visitor of the API is served in time', async () => {
    const urls = ['/v1/products', '/v1/products/enamel-mug', '/v1/products/enamel-mug/reviews', '/v1/products?deals=true']
    await assertServed({ perSecond: 50, seconds: 4, urls: urls.map((path) => `${apiUrl}${path}`) })
  })

  test('every visitor of the shop gets a page in time', async () => {
    const urls = ['/', '/products/storm-lantern', '/deals', '/about', '/?category=galley']
    await assertServed({ perSecond: 8, seconds: 4, urls: urls.map((path) => `${webUrl}${path}`) })
  })
})

async function assertServed({ perSecond, seconds, urls }: Profile): Promise<void> {
  const began = performance.now()
  const visits: Promise<{ status: number; tookMs: number }>[] = []
  for (let visitor = 0; visitor < perSecond * seconds; visitor += 1) {
    await sleep(Math.max(0, (visitor * 1_000) / perSecond - (performance.now() - began)))
    visits.push(visit(urls[visitor % urls.length] ?? ''))
  }
  const results = await Promise.all(visits)
  const times = results.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0)
  console.log(`${results.length} visitors: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, all within ${at(1)} ms`)
  assert.deepEqual(results.filter(({ status }) => status !== 200), [])
  assert.ok(at(0.5) <= LIMITS.median, `the median is ${at(0.5)} ms`)
  assert.ok(at(0.95) <= LIMITS.p95, `95 % are served within ${at(0.95)} ms`)
}

async function visit(url: string): Promise<{ status: number; tookMs: number }> {
  const began = performance.now()
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) })
    await answer.arrayBuffer()
    return { status: answer.status, tookMs: performance.now() - began }
  } catch {
    return { status: 0, tookMs: performance.now() - began } // a connection that broke is counted like a bad answer
  }
}
