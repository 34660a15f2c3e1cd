import { unitSpecSchema } from '@plimsoll/model'
import { readWorkspace, type SourceFile, type SourceTree } from '@plimsoll/repository'
import { describe, expect, test } from 'vitest'
import { buildInputs } from './build-inputs.ts'

const repository = {
  'package.json': '{"name":"root"}',
  'pnpm-workspace.yaml': 'packages: [apps/*, "packages/**", "!packages/old"]',
  'pnpm-lock.yaml': 'lock',
  'render.yaml': 'services: []',
  '.github/workflows/ci.yml': 'ci',
  'apps/api/package.json': '{"name":"@x/api","dependencies":{"@x/db":"workspace:*"}}',
  'apps/api/src/main.ts': 'api',
  'apps/web/package.json': '{"name":"@x/web","devDependencies":{"@x/ui":"workspace:^"}}',
  'apps/web/src/page.tsx': 'web',
  'packages/db/package.json': '{"name":"@x/db","optionalDependencies":{"@x/log":"link:../log"}}',
  'packages/db/one.sql': 'sql',
  'packages/log/package.json': '{"name":"@x/log"}',
  'packages/ui/package.json': '{"name":"@x/ui"}',
  'packages/old/package.json': '{"name":"@x/old"}',
}
const api = { service: 'api', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1, instances: 1, buildCommand: 'pnpm i && pnpm turbo run build --filter=@x/api...', startCommand: 'node apps/api/dist/main.js' }

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const entries = new Map<string, SourceFile>(Object.keys(files).map((path) => [path, { path, mode: '100644', blob: files[path] ?? '' }]))
  return {
    files: entries,
    async *read(paths) {
      for (const path of paths) {
        const file = entries.get(path)
        if (file !== undefined) yield { file, content: Buffer.from(files[path] ?? '') }
      }
    },
  }
}

async function inputs(change: { spec?: object; files?: Record<string, string>; environment?: Record<string, string>; tools?: string[] } = {}) {
  const tree = treeOf({ ...repository, ...change.files })
  const spec = unitSpecSchema.parse({ ...api, ...change.spec })
  return buildInputs({ spec, tree, workspace: await readWorkspace(tree), environment: change.environment ?? {}, blueprint: 'render.yaml', tools: change.tools ?? ['node 24'] })
}

const digest = async (change?: Parameters<typeof inputs>[0]) => (await inputs(change)).digest

describe('buildInputs', () => {
  test('holds the named packages, all that they depend on in the workspace, and what belongs to no package', async () => {
    const { files } = await inputs()
    expect(files.map((file) => file.path).filter((file) => !file.startsWith('apps/api/'))).toEqual([
      'package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'packages/db/package.json', 'packages/db/one.sql', 'packages/log/package.json', 'packages/old/package.json',
    ])
  })

  test.each([
    ['its own source', { files: { 'apps/api/src/main.ts': 'x' } }],
    ['a dependency of a dependency', { files: { 'packages/log/package.json': '{"name":"@x/log","type":"module"}' } }],
    ['the lockfile', { files: { 'pnpm-lock.yaml': 'x' } }],
    ['a new file', { files: { 'apps/api/src/new.ts': 'x' } }],
    ['the start command', { spec: { startCommand: 'node apps/api/dist/other.js' } }],
    ['the pre-deploy command', { spec: { preDeployCommand: 'node packages/db/m.js' } }],
    ['a value', { environment: { KEY: 'b' } }],
    ['the major version of a tool', { tools: ['node 26'] }],
  ])('changes with %s', async (_what, change) => {
    expect(await digest(change)).not.toBe(await digest({ environment: {} }))
  })

  test.each([
    ['another service', { files: { 'apps/web/src/page.tsx': 'x' } }],
    ['the text of the Blueprint', { files: { 'render.yaml': 'x' } }],
    ['what only the forge reads', { files: { '.github/workflows/ci.yml': 'x' } }],
    ['the commit that is built', { environment: { RENDER_GIT_COMMIT: 'b' } }],
    ['the number of instances', { spec: { instances: 3 } }],
  ])('stays the same when %s changes', async (_what, change) => {
    expect(await digest(change)).toBe(await digest())
  })

  test('holds everything when the build does not say what it is for', async () => {
    expect((await inputs({ spec: { buildCommand: 'pnpm i && pnpm build' } })).packages).toBe('all')
    expect((await inputs({ spec: { startCommand: 'node $(cat entry)' } })).packages).toBe('all')
  })

  test("holds what the Blueprint's own filter names, without what it ignores", async () => {
    const files = async (buildFilter: object) => (await inputs({ spec: { buildFilter } })).files.map((file) => file.path)
    expect(await files({ paths: ['apps/web/**'], ignoredPaths: [] })).toContain('apps/web/src/page.tsx')
    expect(await files({ paths: [], ignoredPaths: ['**/*.sql'] })).not.toContain('packages/db/one.sql')
  })

  test.each([
    ['source', { files: { 'apps/api/src/main.ts': 'x' } }],
    ['commands', { spec: { startCommand: 'node apps/api/dist/other.js' } }],
    ['tools', { tools: ['node 26'] }],
  ])('tells what has changed: its %s, and nothing else', async (part, change) => {
    const [before, after] = [(await inputs()).parts, (await inputs(change)).parts]
    expect(Object.entries(after).flatMap(([name, digest]) => (before[name as keyof typeof before] === digest ? [] : [name]))).toEqual([part])
  })

  test('holds no value in clear, and no digest from which one could be guessed', async () => {
    expect((await inputs({ environment: { PIN: '1234' } })).parts).toEqual((await inputs()).parts)
    expect(JSON.stringify(await inputs({ environment: { TOKEN: 'secret-value' } }))).not.toContain('secret-value')
  })
})
