import { expect, test } from 'vitest'
import { artifactOf, ask, liveOf, sayings, specOf, type Tree } from '../../../test/fake-rehearsal.ts'
import { artifactFiles } from './artifact-files.ts'

async function look(tree: Tree, more: Parameters<typeof artifactOf>[2] = {}) {
  return ask(artifactFiles(), { artifacts: { api: await artifactOf('api', tree, more) }, specs: [specOf('api')] })
}
const main = { 'api/dist/main.js': 'x' }

test.each([
  ['values of a machine', { 'api/.env.local': 'A=b' }, "The artifact of api holds values of somebody's machine: api/.env.local"],
  ['several of them', { '.env': 'A=b', 'api/.env': 'A=b' }, "The artifact of api holds values of somebody's machine: .env and 1 more"],
  ['a repository', { '.git/HEAD': 'ref: x', '.git/objects/aa': '' }, 'The artifact of api holds the whole history of the repository: .git/HEAD'],
])('blocks on %s', async (_what, tree, said) => {
  const findings = await look({ ...main, ...tree })
  expect(sayings(findings).blocks).toEqual([said])
  expect(findings[0]).toMatchObject({ hint: expect.any(String) as string, reproduce: expect.stringMatching(/^ls -l \//) as string })
})

test('blocks on source maps that visitors can fetch, and passes those beside server files', async () => {
  const assets = [{ directory: 'web/.next/static', urlPrefix: '/_next/static/' }]
  expect(sayings(await look({ 'web/.next/static/a.js.map': '{}' }, { assets })).blocks).toEqual([expect.stringContaining('source maps') as string])
  expect(sayings(await look({ 'api/dist/main.js.map': '{}' }, { assets })).blocks).toEqual([])
})

test('advises on tests of its own, and passes those of packages', async () => {
  expect(sayings(await look({ ...main, 'api/dist/main.test.js': 'x', 'node_modules/a/a.test.js': 'x' }))).toMatchObject({ blocks: [], advises: ['The artifact of api holds tests: api/dist/main.test.js'] })
})

test('passes what is committed on purpose: an example, and what Next.js reads in production', async () => {
  expect(sayings(await look({ ...main, '.env.example': 'A=', 'web/.env.production': 'NEXT_PUBLIC_A=1', 'node_modules/a/.env': 'x' })).blocks).toEqual([])
})

const manifest = (fields: object): string => JSON.stringify(fields)

test('blocks on a development package that the running code takes, and names it and its manifest', async () => {
  const tree = { ...main, 'api/package.json': manifest({ dependencies: { fastify: '5' }, devDependencies: { 'pino-pretty': '13', '@types/node': '24' } }), 'api/node_modules/pino-pretty/package.json': manifest({ name: 'pino-pretty' }), 'api/node_modules/fastify/package.json': '{}' }
  expect(sayings(await look(tree)).blocks).toEqual(['api needs pino-pretty when it runs, but api/package.json names it under devDependencies only: an installation for production lacks it'])
})

test('passes a development package that another package needs by right, or that did not come along', async () => {
  const tree = { ...main, 'package.json': manifest({ devDependencies: { semver: '7', typescript: '7' } }), 'node_modules/semver/package.json': '{}', 'node_modules/a/package.json': manifest({ dependencies: { semver: '7' } }), 'node_modules/a/test/package.json': 'no json' }
  expect(sayings(await look(tree)).passes).toHaveLength(1)
})

test('advises when an artifact grew by more than half against what is live', async () => {
  const grown = async (sizeBytes: number) => ask(artifactFiles(), { artifacts: { api: await artifactOf('api', main, { sizeBytes }) }, specs: [specOf('api')], live: liveOf(await artifactOf('api', main, { sizeBytes: 4_000_000 })) })
  expect(sayings(await grown(6_100_000)).advises).toEqual(['The artifact of api has 6.1 MB where the live release has 4.0 MB'])
  expect(sayings(await grown(5_900_000)).advises).toEqual([])
})

test('passes nothing for what is all in its image, and says that nobody has looked into it; of a static site everything is here', async () => {
  const artifacts = { api: await artifactOf('api', {}, { layout: 'image' }), help: await artifactOf('help', { 'index.html': 'x' }, { layout: 'image' }) }
  const findings = await ask(artifactFiles(), { artifacts, specs: [specOf('api'), { ...specOf('help'), kind: 'static' }] })
  expect(findings.map(({ is, finding }) => [is, finding])).toEqual([
    ['skipped', expect.stringMatching(/^What api hold besides .* local values, repositories, tests and development packages were not looked for there$/)],
    ['pass', expect.stringMatching(/^1 artifacts hold no/)],
  ])
})
