import type { Page, Request } from 'playwright-core'
import { isOnlyHere, type OwnAddresses } from './own-addresses.ts'
import type { PageRequest, PageVisit } from './page-visit.ts'

/** What was noted so far. */
export type PageRecord = Pick<PageVisit, 'errors' | 'requests' | 'thirdParties' | 'lacksScripts' | 'log'>

/** Notes what `page` does from now on. */
export function recordPage(page: Page, own: OwnAddresses): () => PageRecord {
  const [errors, log]: [string[], string[]] = [[], []]
  const failed: PageRequest[] = []
  const refused = new Map<string, string>()
  const fails = (request: PageRequest): void => {
    log.push(`${request.method} ${request.url}: ${request.why}`)
    failed.push(request)
  }
  page.on('response', (response) => {
    if (response.status() >= 400) fails({ ...told(response.request()), why: `answers ${response.status()}`, status: response.status() })
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'no reason was given'
    // The page itself gave it up: a prefetch that is not wanted any more.
    if (why !== 'net::ERR_ABORTED') fails({ ...told(request), why: `fails (${why})` })
  })
  page.on('websocket', (socket) => socket.on('socketerror', (why) => fails({ method: 'GET', url: socket.url(), kind: 'websocket', why: `fails (${why})` })))
  page.on('pageerror', (error) => {
    log.push(`exception: ${error.stack ?? error.message}`)
    errors.push(error.message)
  })
  page.on('console', (message) => {
    const text = message.text()
    log.push(`console.${message.type()}: ${text}`)
    const [, url, why] = byCors.exec(text) ?? []
    if (url !== undefined && why !== undefined) refused.set(url, why)
    else if (message.type() === 'error' && !tellsOfRequest.test(text)) errors.push(text)
  })
  return () => {
    const others = failed.filter(({ url }) => own.serviceAt(url) === undefined && !isOnlyHere(url))
    const requests = failed.filter((each) => !others.includes(each)).map((each) => explained(each, { own, refused }))
    return { errors: [...errors], log: [...log], requests, thirdParties: [...new Set(others.map(({ url }) => new URL(url).origin))], lacksScripts: others.some(({ kind }) => kind !== 'image' && kind !== 'font' && kind !== 'stylesheet') }
  }
}

function told(request: Request): Pick<PageRequest, 'method' | 'url' | 'kind'> {
  return { method: request.method(), url: request.url(), kind: request.resourceType() }
}

function explained(request: PageRequest, { own, refused }: { readonly own: OwnAddresses; readonly refused: ReadonlyMap<string, string> }): PageRequest {
  if (own.serviceAt(request.url) === undefined) return { ...request, why: 'leads to no address of this app' }
  const reason = refused.get(request.url)
  return reason === undefined ? request : { ...request, why: `is refused by CORS: ${reason}` }
}

/** Chromium's lines about requests: they are known already, and better, but for what CORS had against one. */
const byCors = /^Access to .* at '([^']+)' from origin .* has been blocked by CORS policy: ([^\n]*)/
const tellsOfRequest = /^(?:Failed to load resource: |WebSocket connection to ')/
