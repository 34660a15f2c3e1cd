import { expect, test } from 'vitest'
import type { Blueprint } from '@plimsoll/model'
import { artifactOf, ask, environmentOf, sayings, sourceReader, specOf, treeOf, type Tree } from '../../../test/fake-rehearsal.ts'
import { environmentDeclared } from './environment-declared.ts'

const at = { line: 7, column: 9 }
interface Case {
  readonly given?: Record<string, string>
  readonly entries?: readonly string[]
  readonly group?: readonly string[]
  readonly artifact?: Tree
}

/** One service `api`, which runs apps/api/dist/main.js and is given `given`. */
async function look(tree: Tree, { given = {}, entries = ['apps/api/dist/main.js'], group = [], artifact = { 'apps/api/dist/main.js': 'x' } }: Case = {}) {
  const env = Object.entries(given).filter(([key]) => !group.includes(key)).map(([key, value]) => ({ is: 'value', key, value, at }))
  const groups = group.length === 0 ? [] : [{ name: 'all', env: group.map((key) => ({ is: 'value', key, value: 'x', at })) }]
  const blueprint = { services: [{ name: 'api', kind: 'web', runtime: 'node', env: [...env, ...groups.map(({ name }) => ({ is: 'fromGroup', group: name, at }))] }], groups } as unknown as Blueprint
  const check = environmentDeclared({
    readSource: sourceReader({ api: entries }), readBlueprint: () => ({ blueprint, diagnostics: [] }),
    nearest: (word, names) => [...names].find((name) => name.slice(0, 3) === word.slice(0, 3)),
  })
  return ask(check, {
    source: { root: await treeOf({ 'apps/api/package.json': '{"name":"@shop/api"}', ...tree }), blueprint: 'render.yaml', dirty: true },
    specs: [specOf('api')], artifacts: { api: await artifactOf('api', artifact) }, environments: { api: environmentOf(given) },
  })
}

const config = "import { z } from 'zod'\nconst Schema = z.object({\n  DATABASE_URL: z.string(),\n  PORT: z.coerce.number(),\n  LEVEL: z.string().default('info'),\n})\nexport const readConfig = (from: object) => Schema.parse(from)\n"
const main = "import { readConfig } from './config.js'\nreadConfig(process.env)\n"
const healthy = { 'apps/api/src/main.ts': main, 'apps/api/src/config.ts': config }

test('passes a service that is given what its schema demands, and lists what is left to defaults', async () => {
  const findings = await look(healthy, { given: { DATABASE_URL: 'x' } })
  expect(sayings(findings)).toEqual({ blocks: [], advises: [], passes: ['api reads 3 variables, and each is given or can be done without'] })
  expect(findings[0]?.evidence?.[0]?.text).toContain('api LEVEL (apps/api/src/config.ts:5)')
})

test('blocks when the schema demands what is not given, also when another module hands the environment on', async () => {
  const [finding] = await look(healthy)
  expect(finding).toMatchObject({
    is: 'fail', service: 'api', finding: 'api is not given DATABASE_URL, but apps/api/src/config.ts:3 demands it in its schema',
    hint: 'Give DATABASE_URL to api under envVars in render.yaml, or leave it out of the code.', reproduce: 'grep -n DATABASE_URL apps/api/src/config.ts',
  })
})

test('finds the schema behind a package that only hands it on', async () => {
  const tree = {
    'apps/api/src/main.ts': "import { readConfig } from '@shop/config'\nreadConfig(process.env)", 'packages/config/src/config.ts': config,
    'packages/config/package.json': '{"name":"@shop/config","exports":"./src/door.ts"}', 'packages/config/src/door.ts': "export { readConfig } from './config.ts'",
  }
  expect(sayings(await look(tree)).blocks).toEqual(['api is not given DATABASE_URL, but packages/config/src/config.ts:3 demands it in its schema'])
})

test('takes a schema for one of the environment only where the environment is handed on', async () => {
  expect(sayings(await look({ ...healthy, 'apps/api/src/main.ts': "import { readConfig } from './config.js'\nreadConfig({})" })).blocks).toEqual([])
  const elsewhere = { 'apps/api/src/main.ts': "import { parseInfo } from './info.js'\nparseInfo({})\nspawn('x', { env: process.env })", 'apps/api/src/info.ts': 'export const parseInfo = (from: object) => z.object({ NCPU: z.number() }).parse(from)' }
  expect(sayings(await look(elsewhere)).blocks).toEqual([])
})

test('follows imports into packages of the workspace by their exports, and no further than they go', async () => {
  const tree = {
    'apps/api/src/main.ts': "import '@shop/db'",
    'packages/db/package.json': '{"name":"@shop/db","exports":{".":{"types":"./dist/db.d.ts","default":"./dist/db.js"}}}',
    'packages/db/src/db.ts': "if (!process.env['DB_URL']) throw new Error('DB_URL')",
    'packages/db/src/seed.ts': 'process.env.SEED_FILE!.length',
    'apps/api/src/main.test.ts': 'process.env.TEST_URL!.length',
  }
  expect(sayings(await look(tree))).toMatchObject({ blocks: ['api is not given DB_URL, but packages/db/src/db.ts:1 refuses to go on without it'], advises: [] })
})

test('follows a function that reads by name into the module that calls it', async () => {
  const tree = {
    'apps/api/src/main.ts': "import { need } from './need'\nneed('STRIPE_KEY')\nneed('REGION', 'eu')",
    'apps/api/src/need.ts': 'export const need = (name: string, other?: string) => { const found = process.env[name] ?? other; if (!found) throw new Error(name); return found }',
  }
  expect(sayings(await look(tree)).blocks).toEqual(['api is not given STRIPE_KEY, but apps/api/src/main.ts:2 asks need() for it, which refuses to go on without it'])
})

test('begins a Next.js app at its routes, and leaves public values to their own check', async () => {
  const tree = {
    'apps/api/next.config.ts': 'export default {}', 'apps/api/src/app/page.tsx': "import { api } from '@/lib/api'\nexport default () => <p>{api + process.env.NEXT_PUBLIC_A!}</p>",
    'apps/api/src/lib/api.ts': 'export const api = `http://${process.env.API_HOSTPORT}`', 'apps/api/src/lib/unused.ts': 'process.env.UNUSED!',
  }
  expect(sayings(await look(tree, { entries: ['apps/api/.next/standalone/apps/api/server.js'] })).blocks).toEqual(['api is not given API_HOSTPORT, but apps/api/src/lib/api.ts:1 uses it without looking whether it is there'])
})

test('accuses nobody on a guess: what may not run, and what goes where nobody follows, is advice', async () => {
  expect(sayings(await look({ 'apps/api/lib/other.ts': 'process.env.X!.length' })).advises).toEqual([expect.stringContaining('whether this file runs is not known') as string])
  expect(sayings(await look({ 'apps/api/src/main.ts': 'start(process.env.X)' })).advises).toEqual(['api is not given X, which apps/api/src/main.ts:1 reads; what it does without was not found out'])
})

test('advises when a fallback leads to the machine itself, and passes every other', async () => {
  const tree = { 'apps/api/src/main.ts': "const a = process.env.CACHE ?? 'redis://localhost:6379'\nconst b = process.env.REGION ?? 'eu'" }
  expect(sayings(await look(tree))).toMatchObject({ blocks: [], advises: [expect.stringContaining('takes localhost:6379 in its place (apps/api/src/main.ts:1)') as string] })
})

test('advises on a variable of which nothing speaks, and connects it with one that is missing', async () => {
  const findings = await look(healthy, { given: { DATABASE_ULR: 'x' } })
  expect(sayings(findings).advises).toEqual(['render.yaml:7 gives DATABASE_ULR to api, and nothing there speaks of it'])
  expect(findings[0]?.hint).toContain('render.yaml gives it DATABASE_ULR, which nothing reads: is that the same?')
})

test('takes a variable for read when an installed package speaks of it, when the platform does, or when it is in an image alone', async () => {
  const given = { DATABASE_URL: 'x', PRETTY: '1', NODE_OPTIONS: '--x' }
  expect(sayings(await look(healthy, { given, artifact: { 'node_modules/a/index.js': 'process.env.PRETTY' } })).advises).toEqual([])
  expect(sayings(await look(healthy, { given, artifact: {} })).advises).toEqual([])
  expect(sayings(await look(healthy, { given })).advises).toHaveLength(1)
})

test('names the group that gives what none of its services reads', async () => {
  expect(sayings(await look(healthy, { given: { DATABASE_URL: 'x', SHARED: 'x' }, group: ['SHARED'] })).advises).toEqual(['render.yaml:7 gives SHARED to group all, and nothing there speaks of it'])
})
