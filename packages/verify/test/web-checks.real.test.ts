import { stat } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserChecks } from '../src/checks/web/browser-checks.ts'
import { linksCheck } from '../src/checks/web/links-check.ts'
import { staticSitesCheck } from '../src/checks/web/static-sites-check.ts'
import { findBrowser } from '../src/find-browser.ts'
import type { Finding, RehearsalCheck } from '../src/rehearsal/rehearsal-check.ts'
import { siteRehearsal, type SiteRehearsal } from './site-rehearsal.ts'

const never = new AbortController().signal
const browser = await findBrowser(process.env)
if (browser === undefined && (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('browser')) throw new Error('PLIMSOLL_REQUIRE asks for a browser, and there is none')

const page = (body: string, title = 'The shop'): string => `<!doctype html><html lang="en"><title>${title}</title><link rel="icon" href="data:,"><main><h1>Shop</h1>${body}</main></html>`
const script = (text: string): string => page(`<p>Things to buy</p><script>${text}</script>`)

/** What is wrong with each page; what does not show in the same answers shares one. */
const pages: Record<string, (urls: { readonly api: string; readonly web: string }) => string> = {
  '/fine': ({ web }) => script(`fetch("/session"); fetch("${web}/fine").then((answer) => document.querySelector("p").append(answer.statusText))`),
  '/mismatch': () => script('reportError(new Error("Minified React error #418; visit https://react.dev/errors/418"))'),
  '/no-chunk': () => page('<script src="/_next/static/chunks/gone.js"></script>'),
  '/throws': () => script('console.error("stock is unknown"); setTimeout(() => { throw new Error("the bag is no bag") })'),
  '/plain': () => page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="80" height="80">', 'Create Next App'),
  '/blank': () => '<!doctype html><html lang="en"><title>Blank</title><link rel="icon" href="data:,"><div id="root"></div></html>',
  '/frame': () => '<!doctype html><html lang="en"><title>Frame</title><link rel="icon" href="data:,"><header>Shop</header><main></main><footer>Find us</footer></html>',
  '/boundary': () => '<!doctype html><html lang="en"><title>Broken</title><link rel="icon" href="data:,"><h2>Application error: a client-side exception has occurred</h2></html>',
  '/others': () => page('<script src="https://cdn.example.com/count.js"></script><script>counter.start()</script>'),
  '/cors': ({ api }) => script(`fetch("${api}/stock").catch(() => fetch("http://localhost:9876/stock").catch(() => 0))`),
}

function shop(urls: () => { readonly api: string; readonly web: string }): RequestListener {
  return (request, response) => {
    const made = pages[request.url ?? '']
    if (request.url === '/session') return response.writeHead(401).end()
    if (made === undefined && request.url !== '/') return response.writeHead(404).end()
    const links = Object.keys(pages).concat('/nowhere').map((path) => `<a href="${path}">${path.slice(1)}</a>`)
    return response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' }).end(made?.(urls()) ?? page(links.join(' ')))
  }
}

describe.skipIf(browser === undefined)('a browser that opens every page', () => {
  let world: SiteRehearsal
  const findings: Record<string, readonly Finding[]> = {}
  beforeAll(async () => {
    const urls = (): { readonly api: string; readonly web: string } => ({ api: `http://localhost:${world.livePorts['api']}`, web: `http://localhost:${world.livePorts['web']}` })
    world = await siteRehearsal({ web: { answer: shop(urls) }, api: { answer: (request, response) => response.writeHead(request.url === '/stock' ? 200 : 404).end() } }, browser)
    for (const check of browserChecks()) findings[check.id] = await check.ask(world.rehearsal, never)
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  test('names pages that show nothing, or an error in place of what they are for', () => {
    expect(findings['web.browser']).toMatchObject([{ is: 'fail', service: 'web', finding: 'web: /blank: shows nothing; /frame: shows nothing in its <main>, only what is around it; /boundary: shows an error: “Application error: a client-side exception has occurred”' }])
  })

  test('names files and answers that pages do not get, and why, and addresses that are none of the app\'s', () => {
    expect(findings['web.requests']?.[0]).toMatchObject({ is: 'fail' })
    const lines = findings['web.requests']?.[0]?.finding.split('; ')
    expect(lines).toEqual([
      expect.stringMatching(/^web: \/no-chunk: GET http:\/\/localhost:\d+\/_next\/static\/chunks\/gone.js answers 404$/),
      expect.stringMatching(/^\/cors: GET http:\/\/localhost:\d+\/stock is refused by CORS: No 'Access-Control-Allow-Origin' header/),
      '/cors: GET http://localhost:9876/stock leads to no address of this app',
    ])
  })

  test('advises to look at what a visitor is refused, and holds nothing up for it', () => {
    expect(findings['web.requests']?.[1]).toMatchObject({ is: 'fail', weight: 'advice', finding: expect.stringMatching(/^web: \/fine: GET .*\/session answers 401$/) })
  })

  test('asks nothing of others, and says so', () => {
    expect(findings['web.requests']?.slice(2)).toMatchObject([{ is: 'skipped', finding: 'Whether web gets what it wants of others was not asked: https://cdn.example.com' }])
  })

  test('names what pages throw and log, once, and not again what a request says already', () => {
    expect(findings['web.console']?.[0]).toMatchObject({ is: 'fail', finding: 'web: /throws: stock is unknown; /throws: the bag is no bag' })
  })

  test('only advises on errors of a page that was kept from the scripts of others', () => {
    expect(findings['web.console']?.slice(1)).toMatchObject([{ is: 'fail', weight: 'advice', finding: 'web: /others: counter is not defined' }])
  })

  test('names a page that the server makes otherwise than the browser', () => {
    expect(findings['web.hydration']).toMatchObject([{ is: 'fail', finding: expect.stringMatching(/^web: \/mismatch: Minified React error #418/) }])
  })

  test('advises on titles of the framework and on what keeps people out', () => {
    expect(findings['web.titles']).toMatchObject([{ is: 'fail', weight: 'advice', finding: 'web: /plain: has the title that its framework gave it: “Create Next App”' }])
    expect(findings['web.accessibility']).toMatchObject([{ is: 'fail', weight: 'advice', finding: expect.stringContaining('/plain: Images must have alternative text') }])
  })

  test('leads what pages have built in to the copy: nothing reaches what is live', () => {
    expect(world.reachedLive).toEqual([])
    // Were `/fine` kept from what it asks of itself, that would stand with the requests.
    expect(findings['web.requests']?.[0]?.finding).not.toContain('/fine')
  })

  test('keeps a picture, wide and narrow, and the console and network of pages with a fault', async () => {
    const evidence = findings['web.browser']?.[0]?.evidence ?? []
    expect(evidence.filter(({ text }) => text !== undefined).map(({ title }) => title)).toEqual(['/blank', '/frame', '/boundary'].map((path) => `Console and network of ${path} of web`))
    const sizes = await Promise.all(evidence.flatMap(({ file }) => (file === undefined ? [] : [stat(join(world.rehearsal.evidence, file))])))
    expect(sizes.map(({ size }) => size > 500)).toEqual([true, true, true, true, true, true])
  })
})

test('without a browser every question to one is skipped, with how to get one', async () => {
  await using world = await siteRehearsal({ web: { answer: (_request, response) => response.setHeader('content-type', 'text/html').end(page('')) } })
  for (const check of browserChecks()) expect(await check.ask(world.rehearsal, never)).toMatchObject([{ is: 'skipped', finding: 'No browser found', hint: expect.stringContaining('PLIMSOLL_BROWSER') }])
})

test('a link that leads nowhere fails with the page that has it, also to another service of the app', async () => {
  await using world = await siteRehearsal({
    web: { answer: (request, response) => (request.url === '/' ? html(response, `<a href="/gone">x</a><a href="http://localhost:${world.livePorts['help']}/old">y</a><a href="/members">z</a><!-- <a href="/never"> -->`) : response.writeHead(request.url === '/members' ? 401 : 404).end()) },
    help: { answer: (request, response) => (request.url === '/' ? html(response, 'Help') : response.writeHead(404).end()) },
  })
  const findings = (await ask(linksCheck(), world)).filter(({ weight }) => weight === undefined)
  expect(findings).toMatchObject([{ is: 'fail', finding: 'web: /gone, to which / leads, answers 404; /old, to which / leads, answers 404' }, { is: 'pass', service: 'help' }])
  expect(world.reachedLive).toEqual([])
})

test('a page in place of a script fails, as no browser runs it', async () => {
  await using world = await siteRehearsal({ web: { answer: (_request, response) => html(response, '<script src="/app.js"></script>') } })
  expect(await ask(linksCheck(), world)).toMatchObject([{ is: 'fail', finding: 'web: /app.js, to which / leads, answers with a page in place of the file' }, { weight: 'advice' }])
})

test('headers are advice, and what has them all gets none', async () => {
  const good = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'content-type': 'text/html' }
  await using world = await siteRehearsal({
    web: { answer: (_request, response) => response.writeHead(200, good).end(page('')) },
    bare: { answer: (_request, response) => response.writeHead(200, { ...good, 'x-powered-by': 'Next.js', 'cache-control': 'public, immutable' }).end(page('')) },
  })
  const advice = (await ask(linksCheck(), world)).filter(({ weight }) => weight === 'advice')
  expect(advice).toMatchObject([{ service: 'bare', finding: expect.stringMatching(/^bare: pages are kept as if they never changed \(\/\); answers say what they were made with \(X-Powered-By\) \(\/\)$/) }])
})

test('an API without pages is asked nothing of pages', async () => {
  await using world = await siteRehearsal({ api: { answer: (_request, response) => response.setHeader('content-type', 'application/json').end('{}') } })
  expect(await ask(linksCheck(), world)).toEqual([{ is: 'skipped', finding: 'No service answers with pages' }])
})

test('a static site whose routes and headers are not as render.yaml says fails with each of them', async () => {
  const staticSite = {
    publishPath: 'dist', headers: [{ path: '/*', name: 'X-Frame-Options', value: 'DENY' }, { path: '/open', name: 'X-Frame-Options', value: 'SAMEORIGIN' }],
    routes: [{ type: 'redirect' as const, source: '/old', destination: '/new' }, { type: 'rewrite' as const, source: '/app/*', destination: '/app.html' }, { type: 'redirect' as const, source: '/away', destination: 'https://example.com/' }],
  }
  const answers = (isRight: boolean): RequestListener => (request, response) => {
    if (request.url === '/old') return response.writeHead(301, { location: '/new' }).end()
    if (!isRight && request.url !== '/') return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': 'text/html', ...(isRight && { 'x-frame-options': request.url === '/open' ? 'SAMEORIGIN' : 'DENY' }) }).end(page('<a href="/open">open</a>'))
  }
  await using world = await siteRehearsal({ right: { answer: answers(true), staticSite }, wrong: { answer: answers(false), staticSite } })
  expect(await ask(staticSitesCheck(), world)).toMatchObject([
    { service: 'right', is: 'pass' },
    { service: 'wrong', is: 'fail', finding: 'wrong: /old is redirected to /new, which answers 404; /app/*, rewritten to /app.html, answers 404; / has X-Frame-Options: nothing instead of DENY' },
  ])
})

function html(response: Parameters<RequestListener>[1], body: string): void {
  response.setHeader('content-type', 'text/html').end(page(body))
}

function ask(check: RehearsalCheck, { rehearsal }: SiteRehearsal): Promise<readonly Finding[]> {
  return check.ask(rehearsal, never)
}
