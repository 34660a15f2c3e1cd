import type { Page, Request } from 'playwright-core'

const quietMs = 250
const mostMs = 3_000

/**
 * Counts what `page` waits for, from now on. What it gives resolves when all requests have been answered and nothing has happened for a while, or
 * when that takes too long; streams that stay open are not waited for.
 */
export function quietPage(page: Page): () => Promise<void> {
  const pending = new Set<Request>()
  let stirred = (): void => undefined
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') pending.add(request)
    stirred()
  })
  const answered = (request: Request): void => {
    pending.delete(request)
    stirred()
  }
  page.on('response', (response) => answered(response.request())).on('requestfailed', answered)
  page.on('console', () => stirred()).on('pageerror', () => stirred())
  return () => new Promise((resolve) => {
    let calm: NodeJS.Timeout | undefined
    const over = (): void => {
      clearTimeout(calm)
      clearTimeout(cap)
      stirred = () => undefined
      resolve()
    }
    const cap = setTimeout(over, mostMs)
    stirred = () => {
      clearTimeout(calm)
      if (pending.size === 0) calm = setTimeout(over, quietMs)
    }
    stirred()
  })
}
