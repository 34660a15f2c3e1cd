import { expect, test } from 'vitest'
import { bestHealthPath } from './health-paths.ts'
import { routesOf } from './routes-of.ts'

const paths = (text: string): string[] => routesOf('a.ts', text).routes.map(({ path, line }) => `${line} ${path}`)

test('routes are found with the prefixes that stand around them', () => {
  expect(paths("app.get('/a', f)\napp.post('/b', f)\nfastify.route({ method: 'GET', url: '/c', handler })\nmap.get('key')")).toEqual(['1 /a', '3 /c'])
  expect(paths("app.register(async (v1) => {\n  v1.register(async (inner) => { inner.get('/health', f) }, { prefix: '/deep/' })\n}, { prefix: '/v1' })")).toEqual(['2 /v1/deep/health'])
})

test('a plug-in of another module is known by that module, with its prefix', () => {
  expect(routesOf('a.ts', "import { health } from './health.js'\nimport own from './own.js'\napp.register(health, { prefix: '/api' })\napp.register(own)\napp.register(local, { prefix: '/no' })").mounts).toEqual([
    { module: './health.js', prefix: '/api' }, { module: './own.js', prefix: '' },
  ])
})

test.each([
  ["app.listen({ port, host: '0.0.0.0' })", { hasHost: true, port: undefined }],
  ['app.listen({ port: 3000 })', { hasHost: false, port: 3000 }],
  ["app.listen({ port: config.port, host: 'localhost' })", { hasHost: false, port: undefined }],
  ['app.listen({ ...options })', { hasHost: true, port: undefined }],
  ["app.listen(3000, '0.0.0.0')", { hasHost: true, port: 3000 }],
  ['app.listen(Number(process.env.PORT))', { hasHost: true, port: undefined }],
])('%s is a listening server', (text, expected) => {
  expect(routesOf('a.ts', text).listens).toEqual([{ line: 1, ...expected }])
})

test.each(["client.listen('channel')", 'feed.listen(onMessage)', "server.listen('/run/a.sock')", 'listen({ port: 1 })', 'const = 1'])('%s is none', (text) => {
  expect(routesOf('a.ts', text).listens).toEqual([])
})

test('of several paths the one that asks no database is best, and of equals the shortest', () => {
  const best = (...list: string[]) => bestHealthPath(list.map((path) => ({ path })))?.path
  expect(best('/readyz', '/api/health', '/healthz')).toBe('/healthz')
  expect(best('/v1/api/health', '/api/health')).toBe('/api/health')
  expect(best('/orders', '/healthy-food')).toBeUndefined()
})
