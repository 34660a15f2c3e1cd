import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { releaseNumberSchema, trafficSchema } from '@plimsoll/model'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EdgeWorld, edgeWorld, shopTraffic, signal } from './edge-world.ts'
import { rawExchange } from './raw-exchange.ts'

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'plimsoll-files-'))
  trees.push(root)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return root
}
const trees: string[] = []
afterAll(async () => {
  for (const root of trees) await rm(root, { recursive: true, force: true })
})

describe('published assets', () => {
  let world: EdgeWorld
  let entry: number
  const url = (path: string): string => `http://127.0.0.1:${entry}${path}`
  const publish = async (release: number, files: Readonly<Record<string, string>>): Promise<void> =>
    world.edge.publish({ app: shopTraffic({ release, entry, upstreams: [9] }).app, release: releaseNumberSchema.parse(release), service: 'web', directory: await tree(files), urlPrefix: '/_next/static/' }, signal)
  const shift = async (release: number): Promise<void> => {
    const { port } = await world.upstream((request, response) => void response.writeHead(request.url?.endsWith('.js') === true ? 404 : 200, { 'content-type': 'text/html' }).end(`page of ${release}`))
    await world.edge.shift(shopTraffic({ release, entry, upstreams: [port] }), signal)
  }

  beforeEach(async () => {
    world = await edgeWorld()
    entry = await world.freePort()
  })
  afterEach(async () => world.close())

  test('a page of an old release finds its chunks after the switch, and after a restart of the edge', async () => {
    await publish(1, { 'chunks/one-aaaa.js': 'one()', 'app/[id]/page.js': 'page()' })
    await shift(1)
    await publish(2, { 'chunks/two-bbbb.js': 'two()' })
    await shift(2)
    for (const again of [false, true]) {
      if (again) await world.restart()
      const old = await fetch(url('/_next/static/chunks/one-aaaa.js?dpl=gone'))
      expect([old.status, await old.text()]).toEqual([200, 'one()'])
      expect(old.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(old.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(await (await fetch(url('/_next/static/app/%5Bid%5D/page.js'))).text()).toBe('page()')
    }
  })

  test('a file that no release has is a 404 that nobody keeps, never a page', async () => {
    await publish(1, { 'a.js': 'a()' })
    await shift(1)
    const missing = await fetch(url('/_next/static/b.js'), { headers: { accept: 'text/html' } })
    expect(missing.status).toBe(404)
    expect(missing.headers.get('cache-control')).toBe('no-store')
    expect(missing.headers.get('content-type')).toContain('text/plain')
  })

  test('nor is it a page when the upstream has to answer for it', async () => {
    await shift(1)
    for (const path of ['/_next/static/b.js', '/base/_next/static/b.css']) {
      const missing = await fetch(url(path))
      expect([missing.status, missing.headers.get('cache-control'), await missing.text()]).toEqual([404, 'no-store', 'Not found\n'])
    }
  })

  test('the same path with other bytes is refused, and what was published stays', async () => {
    await publish(1, { 'a.js': 'a()' })
    await shift(1)
    await expect(publish(2, { 'a.js': 'b()' })).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN', details: { path: '/_next/static/a.js' } })
    expect(await (await fetch(url('/_next/static/a.js'))).text()).toBe('a()')
  })

  test('two trees of one release published at once are both there', async () => {
    await Promise.all([publish(1, { 'a.js': 'a()' }), publish(2, { 'b.js': 'b()' })])
    await shift(1)
    expect(await (await fetch(url('/_next/static/a.js'))).text()).toBe('a()')
    expect(await (await fetch(url('/_next/static/b.js'))).text()).toBe('b()')
  })

  test('files that have had their time go when there is no room, oldest first, and what other releases have stays', async () => {
    const named = (release: number) => ({ [`${release}.js`]: `release ${release}`.padEnd(1_000), 'every.js': 'every()'.padEnd(1_000) })
    for (const release of [1, 2, 3, 4, 5, 6, 7, 8]) await publish(release, named(release))
    await shift(8)
    const there = async (): Promise<number[]> => {
      const found = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (release) => ((await fetch(url(`/_next/static/${release}.js`))).status === 200 ? [release] : [])))
      return found.flat()
    }
    const none = { maxBytes: 0, minFreeBytes: 0 }
    await world.edge.tidy(none, signal)
    expect(await there(), 'all were published less than a day ago').toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await publishedDaysAgo(2)
    await world.edge.tidy({ ...none, maxBytes: 9_000 }, signal)
    expect(await there(), 'eight of their own and one of all have room').toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await world.edge.tidy({ ...none, maxBytes: 8_999 }, signal)
    expect(await there()).toEqual([2, 3, 4, 5, 6, 7, 8])
    await world.edge.tidy({ maxBytes: 1e9, minFreeBytes: Number.MAX_SAFE_INTEGER }, signal)
    expect(await there(), 'five stay, however short the disk').toEqual([4, 5, 6, 7, 8])
    await world.restart()
    expect(await there()).toEqual([4, 5, 6, 7, 8])
    expect((await fetch(url('/_next/static/every.js'))).status).toBe(200)
    expect(await readdir(join(world.home, 'edge/assets/shop')).then(async ([shelf = '']) => readdir(join(world.home, 'edge/assets/shop', shelf, 'objects')))).toHaveLength(6)
  })

  /** Makes what is published look that much older than it is, as the edge finds it when it starts. */
  async function publishedDaysAgo(days: number): Promise<void> {
    const shelves = join(world.home, 'edge/assets/shop')
    for (const shelf of await readdir(shelves)) {
      for (const name of (await readdir(join(shelves, shelf))).filter((each) => each.endsWith('.json'))) {
        const file = join(shelves, shelf, name)
        const at = new Date(Date.now() - days * 86_400_000 + Number.parseInt(name)).toISOString()
        await writeFile(file, (await readFile(file, 'utf8')).replace(/"publishedAt":"[^"]*"/, `"publishedAt":"${at}"`))
      }
    }
    await world.restart()
  }

  test('removing the app drops them', async () => {
    await publish(1, { 'a.js': 'a()' })
    await shift(1)
    await world.edge.remove(shopTraffic({ release: 1, entry, upstreams: [9] }).app, 1, signal)
    await shift(1)
    expect((await fetch(url('/_next/static/a.js'))).status).toBe(404)
  })
})

describe('a static site', () => {
  let world: EdgeWorld
  let entry: number
  let root: string
  const url = (path: string): string => `http://127.0.0.1:${entry}${path}`
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url(path), { headers, redirect: 'manual' })

  beforeAll(async () => {
    world = await edgeWorld()
    entry = await world.freePort()
    root = await tree({
      'index.html': '<h1>home</h1>',
      'about.html': 'about',
      'docs/index.html': 'docs',
      'app.js': '0123456789',
      'old.html': 'still here',
      '404.html': 'lost',
      '.env': 'SECRET=1',
      '.well-known/security.txt': 'contact',
      'ümlaut.txt': 'ü',
      'empty.txt': '',
    })
    const outside = await tree({ 'secret.txt': 'secret' })
    await symlink(join(outside, 'secret.txt'), join(root, 'link.txt'))
    await utimes(join(root, 'app.js'), 0, 0)
    await world.edge.shift(site(root), signal)
  })
  afterAll(async () => world.close())

  const site = (directory: string, release = 1) => trafficSchema.parse({
    app: 'help',
    fence: 1,
    entries: { help: { port: entry, hosts: [] } },
    live: { release, deploymentIds: {}, targets: { help: { kind: 'files', unit: `help-help-r${release}`, root: directory, site: {
      publishPath: 'dist',
      headers: [{ path: '/*', name: 'X-Frame-Options', value: 'DENY' }],
      routes: [
        { type: 'redirect', source: '/old.html', destination: '/new' },
        { type: 'redirect', source: '/moved/*', destination: '/docs/*' },
        { type: 'rewrite', source: '/app/*', destination: '/index.html' },
        { type: 'rewrite', source: '/away/*', destination: 'https://example.org/*' },
        { type: 'rewrite', source: '/nowhere', destination: '/none.html' },
      ],
    } } } },
    previous: [],
  })

  test.each([
    ['/', 200, '<h1>home</h1>'],
    ['/index.html', 200, '<h1>home</h1>'],
    ['/about', 200, 'about'],
    ['/docs/', 200, 'docs'],
    ['/old.html', 200, 'still here'],
    ['/app/deep/link', 200, '<h1>home</h1>'],
    ['/%C3%BCmlaut.txt', 200, 'ü'],
    ['/empty.txt', 200, ''],
    ['/.well-known/security.txt', 200, 'contact'],
    ['/missing', 404, 'lost'],
    ['/nowhere', 404, 'lost'],
    ['/.env', 404, 'lost'],
    ['/link.txt', 404, 'lost'],
    ['/%zz', 404, 'lost'],
    ['/a%00b', 404, 'lost'],
  ])('%s is answered with %i %j', async (path, status, body) => {
    const response = await get(path)
    expect([response.status, await response.text()]).toEqual([status, body])
    expect(response.headers.get('x-frame-options')).toBe('DENY')
  })

  test.each([
    ['/docs?x=1', '/docs/?x=1'],
    ['/moved/a/b?x=1', '/docs/a/b?x=1'],
  ])('%s redirects to %s', async (path, location) => {
    const response = await get(path)
    expect([response.status, response.headers.get('location')]).toEqual([301, location])
  })

  test.each(['/../secret.txt', '/..%2f..%2fsecret.txt', '/%2e%2e/secret.txt', '/docs/../../secret.txt', '/..\\secret.txt', '//etc/passwd'])('%s leads nowhere', async (path) => {
    const { text } = await rawExchange({ port: entry, parts: [`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`] })
    expect(text).toMatch(/^HTTP\/1\.1 (404|400)/)
    expect(text).not.toMatch(/root:|\nsecret/)
  })

  test('a tag answers 304, and a file without a credible date carries none', async () => {
    const first = await get('/app.js')
    const tag = first.headers.get('etag') ?? ''
    expect(first.headers.get('last-modified')).toBeNull()
    expect((await get('/app.js', { 'if-none-match': tag })).status).toBe(304)
    expect((await get('/app.js', { 'if-none-match': '"other"' })).status).toBe(200)
    const dated = (await get('/about')).headers.get('last-modified') ?? ''
    expect((await get('/about', { 'if-modified-since': dated })).status).toBe(304)
  })

  test('a file of another release with the same date and size has another tag', async () => {
    const before = (await get('/app.js')).headers.get('etag')
    const other = await tree({ 'app.js': '9876543210' })
    await utimes(join(other, 'app.js'), 0, 0)
    await world.edge.shift(site(other, 2), signal)
    const after = await get('/app.js', { 'if-none-match': before ?? '' })
    await world.edge.shift(site(root), signal)
    expect([after.status, await after.text()]).toEqual([200, '9876543210'])
  })

  test('a part of a file, and a part that is not there', async () => {
    const part = await get('/app.js', { range: 'bytes=2-4' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234'])
    expect((await get('/app.js', { range: 'bytes=10-' })).status).toBe(416)
  })

  test('HEAD has the head of GET, other methods are told what goes', async () => {
    const head = await fetch(url('/app.js'), { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
    const post = await fetch(url('/app.js'), { method: 'POST', body: 'x' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('a rewrite to another site is refused with a reason', async () => {
    const response = await get('/away/x')
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('https://example.org')])
  })
})
