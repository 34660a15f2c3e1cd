import { expect, test } from 'vitest'
import { manualClock } from '@plimsoll/engine/fakes'
import { sourceChecks } from '../src/verify/source-checks.ts'
import { askStorefront, blocking, next, together, type Change } from './storefront-rehearsal.ts'

const checks = sourceChecks(manualClock({ startsAt: Date.parse('2026-11-27T00:00:00Z') }), '24.21.0')
const replace = (from: string | RegExp, to: string) => (text: string): string => {
  const turned = text.replace(from, to)
  if (turned === text) throw new Error(`${String(from)} is not there any more`)
  return turned
}
const blueprint = (from: string | RegExp, to: string): Change => ({ edit: { 'render.yaml': replace(from, to) } })
const migration = (number: number, sql: string): Change => ({ add: { [`packages/db/migrations/000${number}_new.sql`]: `${sql};\n` } })

/** On a machine that does much else. */
const patience = { timeout: 120_000 }

test('finds nothing to say about the storefront, as the first release and as a later one', patience, async () => {
  expect(await askStorefront(checks, { isFirst: true })).toEqual([])
  expect(await askStorefront(checks, {})).toEqual([])
})

/** A fault, what it changes, and what the one check that names it says. */
type Fault = readonly [string, Change, string]

/** Without its references, nothing else of a Blueprint can be asked. */
const alone: readonly Fault[] = [
  ['a service that is not there', blueprint(/name: api\n {10}property: hostport/, 'name: apis\n          property: hostport'), 'blueprint.resolves: render.yaml:'],
  ['a database that is not there', blueprint('name: storefront-db\n          property', 'name: shop-db\n          property'), 'blueprint.resolves: render.yaml:'],
]

const some: readonly Fault[] = [
  ['a dependency that the lockfile lacks', { edit: { 'apps/api/package.json': replace('"fastify": "5.12.8"', '"fastify": "5.12.8", "undici": "7.0.0"') } }, 'blueprint.toolchain: pnpm-lock.yaml does not fit: apps/api/package.json asks for undici 7.0.0'],
  ['a secret that nobody gives', blueprint(/ {6}- key: SESSION_SECRET\n {8}generateValue: true\n/, ''), 'environment.declared: api is not given SESSION_SECRET, but apps/api/src/config.ts:5 demands it in its schema'],
  ['a password in an address', blueprint("- key: MAIL_LATENCY_MS\n        value: 150", '- key: MAIL_URL\n        value: smtp://shop:hunter2hunter2@mail.example.com'), 'environment.literal-secrets: render.yaml:'],
  ['a column that the live release reads', migration(7, 'ALTER TABLE products DROP COLUMN full_price_cents'), 'database.migration-lint: packages/db/migrations/0007_new.sql:1 drop-column: products.full_price_cents is gone'],
  ['an index that keeps orders waiting', migration(8, '-- for the office\nCREATE INDEX orders_total ON orders (total_cents)'), 'database.migration-lint: packages/db/migrations/0008_new.sql:2 index-locks'],
  ['a public address that the build lacks', { unbuilt: ['NEXT_PUBLIC_API_URL'], ...blueprint(/ {6}- key: NEXT_PUBLIC_API_URL\n(?: {8}.*\n)+/, '') }, 'build.public-values: web is built without NEXT_PUBLIC_API_URL: apps/web/src/components/'],
  ['localhost in a chunk', { built: { web: { [`${next}/static/chunks/2.js`]: 'fetch("http://localhost:4000/products")' } } }, 'artifact.client-bundle: web sends browsers to localhost:4000'],
  ['a token in a rendered page', { built: { web: { [`${next}/server/app/cart.rsc`]: '0:{"token":"c4n4ry-internal-token"}' } } }, 'artifact.client-bundle: web hands INTERNAL_TOKEN to every browser'],
  ['values of a machine', { built: { api: { 'apps/api/.env': 'A=b' } } }, "artifact.files: The artifact of api holds values of somebody's machine: apps/api/.env"],
  ['source maps for everybody', { built: { web: { [`${next}/static/chunks/app.js.map`]: '{}' } } }, 'artifact.files: The artifact of web holds source maps'],
]

const others: readonly Fault[] = [
  ['a catalog that moved on', { edit: { 'pnpm-workspace.yaml': replace('zod: 4.6.7', 'zod: 4.7.0') } }, 'blueprint.toolchain: pnpm-lock.yaml does not fit: pnpm-workspace.yaml asks for zod 4.7.0'],
  ['a slip in the name of a variable', blueprint(/DATABASE_URL(?=\n.*\n.*\n.*\n {6}- key: MAIL)/, 'DATABASE_ULR'), 'environment.declared: worker is not given DATABASE_URL, but apps/worker/src/config.ts:4 demands it in its schema'],
  ['a variable that new code reads', { edit: { 'apps/api/src/main.ts': replace(/$/, '\nvoid fetch(`${process.env.PAYMENTS_URL}/ping`)\n') } }, 'environment.declared: api is not given PAYMENTS_URL, but apps/api/src/main.ts:'],
  ['a secret in the Blueprint', blueprint('- key: SESSION_SECRET\n        generateValue: true', '- key: SESSION_SECRET\n        value: the-cat-sat-on-the-mat'), 'environment.literal-secrets: render.yaml:70 SESSION_SECRET of api holds a secret in plain sight'],
  ['a column that the live release does not fill', migration(7, 'ALTER TABLE orders ADD COLUMN channel text NOT NULL'), 'database.migration-lint: packages/db/migrations/0007_new.sql:1 required-column'],
  ['a migration that was changed', { edit: { 'packages/db/migrations/0004_reviews.sql': replace('rating     integer', 'rating     smallint') } }, 'database.migration-lint: packages/db/migrations/0004_reviews.sql:1 edited'],
  ['a public variable that only the code knows', { edit: { 'apps/web/src/components/site-footer.tsx': replace('process.env.NEXT_PUBLIC_HELP_URL', "process.env.NEXT_PUBLIC_HELP_SITE ?? 'http://localhost:4003'") } }, 'build.public-values: web is built without NEXT_PUBLIC_HELP_SITE: apps/web/src/components/site-footer.tsx:4 reads it, and takes localhost:4003'],
  ['a private address in a page', { built: { help: { 'apps/help/pages/index.html': '<a href="http://10.0.0.12:8080/">Shop</a>' } } }, 'artifact.client-bundle: help sends browsers to 10.0.0.12:8080'],
  ['a secret that the build wrote down', { built: { api: { 'apps/api/dist/secrets.js': `x="${Buffer.from('c4n4ry-session-secret').toString('base64')}"` } } }, 'artifact.client-bundle: The build of api wrote SESSION_SECRET into apps/api/dist/secrets.js'],
  ['a development package at run time', { built: { api: { 'apps/api/node_modules/openapi-types/package.json': '{}' } } }, 'artifact.files: api needs openapi-types when it runs'],
]

test.each([...alone.map((fault) => [fault[0], [fault]] as const), ['each of many faults', some], ['each of many others', others]] as const)('blocks on %s, by the one check that names it and by no other', patience, async (_what, faults) => {
  const verdicts = await askStorefront(checks, faults.map(([, change]) => change).reduce(together))
  const said = blocking(verdicts)
  for (const [fault, , saying] of faults) expect(said.filter((each) => each.includes(saying)), fault).toHaveLength(1)
  expect(said).toHaveLength(faults.length)
  for (const found of verdicts.filter(({ is }) => is === 'fail')) expect(found).toMatchObject({ hint: expect.any(String) as string, reproduce: expect.any(String) as string })
  expect(JSON.stringify(verdicts)).not.toMatch(/c4n4ry|the-cat-sat|hunter2/)
})
