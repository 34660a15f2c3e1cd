import { expect, test } from 'vitest'
import type { Blueprint } from '@plimsoll/model'
import { artifactOf, ask, environmentOf, sayings, specOf, type Tree } from '../../../test/fake-rehearsal.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { clientBundle } from './client-bundle.ts'

const chunk = 'apps/web/.next/static/chunks/1.js'
const assets = [{ directory: 'apps/web/.next/static', urlPrefix: '/_next/static/' }]
const at = { line: 31, column: 9 }
const blueprintWith = (env: readonly object[]): Blueprint => ({ services: [{ name: 'web', env }], groups: [] }) as unknown as Blueprint
const check = (blueprint: Blueprint = blueprintWith([])) => clientBundle({ readBlueprint: () => ({ blueprint, diagnostics: [] }) })

async function look(tree: Tree, { publicValues = {}, secrets = [], blueprint, kind = 'web' as const }: { publicValues?: Record<string, string>; secrets?: Rehearsal['secrets']; blueprint?: Blueprint; kind?: 'web' | 'static' } = {}) {
  const web = await artifactOf('web', tree, { publicValues, assets: kind === 'web' ? assets : [] })
  return ask(check(blueprint), { artifacts: { web }, specs: [specOf('web', { kind })], secrets, environments: { api: environmentOf({ RENDER_EXTERNAL_URL: 'http://localhost:4510' }) } })
}

test.each([
  ['a fallback in a chunk', { [chunk]: 'const a=u??"http://localhost:4000";fetch(`${a}/x`)' }],
  ['a template in a chunk', { [chunk]: 'fetch(`http://localhost:4000/items/${id}`)' }],
  ['a link of a page that was rendered at build', { 'apps/web/.next/server/app/index.html': '<a href="http://localhost:4000/help">Help</a>' }],
  ['the data of such a page', { 'apps/web/.next/server/app/index.rsc': String.raw`1:["$","a",null,{"href":"http://localhost:4000"}]` }],
  ['a file in public', { 'apps/web/public/config.json': '{"api":"http://localhost:4000"}' }],
  ['a bare host and port', { [chunk]: 'connect("localhost:4000")' }],
])('blocks on localhost in %s', async (_where, tree) => {
  const [finding] = await look(tree)
  expect(finding?.finding).toBe(`web sends browsers to localhost:4000, which is the visitor's own machine or a private network (${Object.keys(tree)[0]})`)
  expect(finding).toMatchObject({ is: 'fail', service: 'web', hint: expect.stringContaining('NEXT_PUBLIC_') as string, reproduce: expect.stringContaining('grep -o') as string })
})

test.each(['127.0.0.1:4000', '10.0.3.7:80', '192.168.1.20:3000', '172.20.0.2:3000', 'api.internal:4000'])('blocks on %s, which no visitor reaches', async (address) => {
  expect(sayings(await look({ [chunk]: `fetch("http://${address}/x")` })).blocks).toHaveLength(1)
})

test('passes the public addresses that the place itself gave, and names the variable when the Blueprint wrote an inward one', async () => {
  const tree = { [chunk]: 'fetch("http://localhost:4512");fetch("http://localhost:4510")' }
  const publicValues = { NEXT_PUBLIC_HELP_URL: 'http://localhost:4512' }
  const reference = { is: 'fromVariable', key: 'NEXT_PUBLIC_HELP_URL', service: 'help', variable: 'RENDER_EXTERNAL_URL', at }
  expect(sayings(await look(tree, { publicValues, blueprint: blueprintWith([reference]) })).blocks).toEqual([])
  const written = blueprintWith([{ is: 'value', key: 'NEXT_PUBLIC_HELP_URL', value: 'http://localhost:4512', at }])
  expect(sayings(await look(tree, { publicValues, blueprint: written })).blocks).toEqual([expect.stringContaining('because NEXT_PUBLIC_HELP_URL is localhost:4512 in render.yaml:31') as string])
})

test('passes what names an address without using it', async () => {
  const tree = {
    [chunk]: '// see http://localhost:3000\nthrow Error("open http://localhost:3000 in a browser");new URL(p,"http://localhost");x="localhost"',
    'apps/web/.next/static/chunks/1.js.map': '{"sources":["http://localhost:3000/a"]}',
    'apps/web/.next/server/app/about.html': '<p>We run on http://localhost:3000 ourselves.</p>',
    'apps/web/.next/server/chunks/2.js': 'fetch("http://localhost:4000")',
  }
  expect(sayings(await look(tree))).toEqual({ blocks: [], advises: [], passes: ['4 files hold no inward address and no secret'] })
})

const secret = { service: 'api', key: 'INTERNAL_TOKEN', value: 'c4n4ry+/å-token-value' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

test.each([
  ['as it is', secret.value],
  ['as base64', base64(secret.value)],
  ['as base64 behind a user name', base64(`shop:${secret.value}`)],
  ['as base64 before something else', base64(`ab${secret.value}xyz`)],
  ['URL-encoded', encodeURIComponent(secret.value)],
])('blocks on a secret in a chunk, %s, and never shows it', async (_how, text) => {
  const findings = await look({ [chunk]: `t="${text}"` }, { secrets: [secret] })
  expect(sayings(findings).blocks).toEqual([expect.stringMatching(/^web hands INTERNAL_TOKEN of api to every browser.*chunks\/1\.js$/) as string])
  expect(JSON.stringify(findings)).not.toContain(text)
})

test.each([
  ['a source map', 'apps/web/.next/static/chunks/1.js.map', 'hands'], ['a rendered page', 'apps/web/.next/server/app/index.html', 'hands'], ['a static site', 'site/app.js', 'hands'],
  ['a server file', 'apps/web/.next/server/chunks/3.js', 'wrote'],
])('finds a secret in %s', async (_where, path, verb) => {
  expect(sayings(await look({ [path]: `x = '${secret.value}'` }, { secrets: [secret], kind: path.startsWith('site') ? 'static' : 'web' })).blocks).toEqual([expect.stringContaining(verb) as string])
})

test('lets Next.js keep its own key beside its server files, and nowhere else', async () => {
  const own = { service: 'web', key: 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', value: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz' }
  const manifest = { 'apps/web/.next/server/server-reference-manifest.json': `{"encryptionKey":"${own.value}"}` }
  expect(sayings(await look(manifest, { secrets: [own] })).blocks).toEqual([])
  expect(sayings(await look({ ...manifest, [chunk]: `k="${own.value}"` }, { secrets: [own] })).blocks).toHaveLength(1)
})

test('says that nothing was looked at where an artifact is all in its image', async () => {
  expect(await look({})).toEqual([{ is: 'skipped', finding: 'No artifact has files of its own here' }])
})
