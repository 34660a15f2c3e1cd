import { unitSpecSchema } from '@plimsoll/model'
import { treeOf } from '@plimsoll/repository/tree-of'
import { readWorkspace } from '@plimsoll/repository'
import { expect, test } from 'vitest'
import { planImage, type ImagePlan } from './image-plan.ts'

const repository = {
  'package.json': '{"name":"shop","packageManager":"pnpm@10.1.2"}',
  'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]',
  'pnpm-lock.yaml': "importers:\n  .:\n    devDependencies:\n      turbo:\n        specifier: ^2\n        version: 2.11.11(x@1)\n",
  'turbo.json': '{}',
  '.node-version': 'v22.1.0\n',
  '.env': 'A=1',
  'README.md': '',
  'render.yaml': '',
  'tsconfig.base.json': '{}',
  'compose.dev.yaml': '',
  'docs/a.md': '',
  '.github/ci.yml': '',
  'scripts/stamp.js': '',
  'apps/api/package.json': '{"name":"@shop/api","scripts":{"start":"node dist/main.js"}}',
  'apps/web/package.json': '{"name":"@shop/web","scripts":{"start":"next start"}}',
  'apps/help/package.json': '{"name":"@shop/help"}',
  'packages/db/package.json': '{"name":"@shop/db"}',
}
const api = {
  service: 'api', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1, instances: 1, healthCheckPath: '/healthz',
  buildCommand: 'corepack enable && pnpm install --frozen-lockfile && pnpm turbo run build --filter=@shop/api... && node stamp.js', startCommand: 'node apps/api/dist/main.js',
}

async function plan(change: { spec?: object; files?: Record<string, string>; without?: string; variables?: string[] } = {}): Promise<ImagePlan> {
  const tree = treeOf(Object.fromEntries(Object.entries({ ...repository, ...change.files }).filter(([name]) => name !== change.without)))
  return planImage({ spec: unitSpecSchema.parse({ ...api, ...change.spec }), tree, workspace: await readWorkspace(tree), variables: change.variables ?? [] })
}

test('a program is taken from the commands of the Blueprint, and the build is without what installs', async () => {
  expect(await plan({ spec: { preDeployCommand: 'node packages/db/migrate.js' }, variables: ['NEXT_PUBLIC_B', 'SECRET', 'NEXT_PUBLIC_A'] })).toMatchObject({
    service: 'api',
    runs: { is: 'program', args: ['apps/api/dist/main.js'], cwd: '', entries: ['apps/api/dist/main.js', 'packages/db/migrate.js'], nextServer: undefined, nextApp: undefined, health: { path: '/healthz' } },
    target: { name: '@shop/api' },
    node: '22', pnpm: '10.1.2', turbo: '2.11.11',
    rootFiles: ['.node-version', 'tsconfig.base.json'],
    rootDirectories: ['scripts'],
    build: 'pnpm turbo run build --filter=@shop/api... && node stamp.js',
    publicNames: ['NEXT_PUBLIC_A', 'NEXT_PUBLIC_B'],
  })
})

test('what the build filter ignores is not what a build may read', async () => {
  const files = { 'plimsoll.config.ts': '', 'tests/run.mjs': '', 'tests/api/carts.test.ts': '' }
  expect(await plan({ files })).toMatchObject({ rootFiles: ['.node-version', 'plimsoll.config.ts', 'tsconfig.base.json'], rootDirectories: ['scripts', 'tests'] })
  const buildFilter = { paths: [], ignoredPaths: ['tests/**', 'plimsoll.*'] }
  expect(await plan({ files, spec: { buildFilter } })).toMatchObject({ rootFiles: ['.node-version', 'tsconfig.base.json'], rootDirectories: ['scripts'] })
})

test('a start command that goes through a package script comes down to the program in it', async () => {
  expect((await plan({ spec: { startCommand: 'pnpm --filter api start' } })).runs).toMatchObject({ args: ['dist/main.js'], cwd: 'apps/api', entries: ['apps/api/dist/main.js'] })
})

test('the server that Next.js makes is known by its place', async () => {
  const found = await plan({ spec: { startCommand: 'node apps/web/.next/standalone/apps/web/server.js', buildCommand: 'pnpm build' } })
  expect(found).toMatchObject({ target: { name: '@shop/web' }, runs: { nextServer: 'apps/web/.next/standalone/apps/web' }, nextDirectories: ['apps/web/.next'] })
})

test('a static site is a directory', async () => {
  const found = await plan({ spec: { kind: 'static', runtime: 'static', startCommand: undefined, staticSite: { publishPath: 'apps/help/dist', headers: [], routes: [] } } })
  expect(found).toMatchObject({ target: { name: '@shop/help' }, runs: { is: 'site', directory: 'apps/help/dist' } })
})

test('what does not listen has no health to ask after', async () => {
  expect((await plan({ spec: { kind: 'worker', healthCheckPath: undefined } })).runs).toMatchObject({ health: undefined })
})

test('nothing is pruned without Turborepo', async () => {
  expect((await plan({ without: 'turbo.json' })).turbo).toBeUndefined()
})

test.each([
  ['node a.js && node b.js', 'does not come down to one program'],
  ['pnpm --filter web start', 'does not come down to one program'],
  ['node apps/api/dist/main.js --port $PORT', 'does not come down to one program'],
  ['./start.sh', 'does not come down to one program'],
  ['node -e "1"', 'which files its commands run'],
])('what an image without a shell cannot run is refused with what to write instead: %s', async (startCommand, why) => {
  await expect(plan({ spec: { startCommand } })).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining(why), hint: expect.stringContaining('runtime: docker') })
})

test('a server of Next.js that needs its package manager is told of the one that does not', async () => {
  await expect(plan({ spec: { startCommand: 'pnpm --filter web start' } })).rejects.toMatchObject({ hint: expect.stringContaining("output: 'standalone'") })
})

test('commands that run in different directories are refused: an image has one', async () => {
  await expect(plan({ spec: { startCommand: 'pnpm --filter api start', preDeployCommand: 'node packages/db/migrate.js' } })).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('apps/api') })
})

test('a repository without a lockfile is refused', async () => {
  await expect(plan({ without: 'pnpm-lock.yaml' })).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('pnpm-lock.yaml') })
})

test('what Next.js’s own program serves comes with its build, wherever the program lies', async () => {
  for (const program of ['node_modules/next/dist/bin/next', 'apps/web/node_modules/next/dist/bin/next']) {
    const found = await plan({ spec: { startCommand: `node ${program} start apps/web`, buildCommand: 'pnpm build', preDeployCommand: 'node packages/db/migrate.js' } })
    expect(found).toMatchObject({ target: { name: '@shop/web' }, runs: { nextApp: 'apps/web', nextServer: undefined, entries: [program, 'apps/web/.next', 'packages/db/migrate.js'] }, nextDirectories: ['apps/web/.next'] })
  }
})
