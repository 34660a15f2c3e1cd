import { expect, test } from 'vitest'
import { ask, sayings, sourceReader, specOf, treeOf, type Tree } from '../../../test/fake-rehearsal.ts'
import { toolchainCheck } from './toolchain-check.ts'

const root = { name: 'shop', packageManager: 'pnpm@12.21.0', engines: { node: '>=24' }, devDependencies: { turbo: '2.11.11' } }
const api = { dependencies: { fastify: '^5.0.0', zod: 'catalog:' } }
const lock = `lockfileVersion: '9.0'
catalogs:
  default:
    zod: { specifier: 4.6.7, version: 4.6.7 }
importers:
  .:
    devDependencies:
      turbo: { specifier: 2.11.11, version: 2.11.11 }
  apps/api:
    dependencies:
      fastify: { specifier: ^5.0.0, version: 5.12.8 }
      zod: { specifier: 'catalog:', version: 4.6.7 }
packages:
  : this is not read: [
`
const healthy = { 'package.json': JSON.stringify(root), 'apps/api/package.json': JSON.stringify(api), 'pnpm-lock.yaml': lock, 'pnpm-workspace.yaml': 'packages: [apps/*]\ncatalog: { zod: 4.6.7 }\n' }

async function look(tree: Tree, { nodeVersion = '24.21.0', buildCommand = 'pnpm install --frozen-lockfile && pnpm build' } = {}) {
  return ask(toolchainCheck({ readSource: sourceReader(), nodeVersion }), { source: { root: await treeOf(tree), blueprint: 'render.yaml', dirty: true }, specs: [specOf('api', { buildCommand })] })
}

test('passes a lockfile that fits every manifest and every catalog', async () => {
  expect(sayings(await look(healthy))).toEqual({ blocks: [], advises: [], passes: ['The lockfile fits all 2 package.json, and Node 24.21.0 is what they ask for'] })
})

test.each([
  ['a package that was added', { 'apps/api/package.json': JSON.stringify({ dependencies: { ...api.dependencies, pino: '10.4.0' } }) }, 'apps/api/package.json asks for pino 10.4.0, and the lockfile lacks it'],
  ['another range', { 'apps/api/package.json': JSON.stringify({ dependencies: { ...api.dependencies, fastify: '^6.0.0' } }) }, 'apps/api/package.json asks for fastify ^6.0.0, and the lockfile has ^5.0.0'],
  ['a package that was taken out', { 'package.json': JSON.stringify({ ...root, devDependencies: {} }) }, 'package.json does not ask for turbo, which the lockfile still has'],
  ['another version in the catalog', { 'pnpm-workspace.yaml': 'catalog: { zod: 4.7.0 }' }, 'pnpm-workspace.yaml asks for zod 4.7.0, and the lockfile has 4.6.7'],
])('blocks on a lockfile that does not know %s', async (_what, change, said) => {
  const findings = await look({ ...healthy, ...change })
  expect(sayings(findings).blocks).toEqual([`pnpm-lock.yaml does not fit: ${said}`])
  expect(findings[0]).toMatchObject({ hint: 'Write it anew and commit it: pnpm install --lockfile-only', reproduce: 'pnpm install --frozen-lockfile --lockfile-only' })
})

test('takes an override for what it is, and reads the lockfile of npm as well', async () => {
  const overridden = lock.replace('catalogs:', 'overrides:\n  fastify: 5.1.0\ncatalogs:').replace('specifier: ^5.0.0', 'specifier: 5.1.0')
  expect(sayings(await look({ ...healthy, 'pnpm-lock.yaml': overridden })).blocks).toEqual([])
  const npm = (range: string) => ({ 'package.json': JSON.stringify({ ...root, devDependencies: { turbo: '2.11.11' } }), 'package-lock.json': JSON.stringify({ packages: { '': { devDependencies: { turbo: range } } } }) })
  expect(sayings(await look(npm('2.11.11'), { buildCommand: 'npm ci' })).blocks).toEqual([])
  expect(sayings(await look(npm('2.0.0'), { buildCommand: 'npm ci' })).blocks).toEqual(['package-lock.json does not fit: package.json asks for turbo 2.11.11, and the lockfile has 2.0.0'])
})

test.each([
  ['no lockfile', () => look({ 'package.json': JSON.stringify(root) }), 'The repository has no lockfile: every build installs whatever is newest that day'],
  ['two lockfiles', () => look({ ...healthy, 'yarn.lock': '' }), 'The repository has two lockfiles, pnpm-lock.yaml and yarn.lock: which one a build follows is chance'],
  ['an install that is not frozen', () => look(healthy, { buildCommand: 'pnpm install && pnpm build' }), 'render.yaml: the build of api may install other packages than the lockfile names'],
  ['a package manager without a version', () => look({ ...healthy, 'package.json': JSON.stringify({ ...root, packageManager: undefined }) }), 'package.json does not say which version of its package manager it is made with'],
  ['a Node that it does not allow', () => look(healthy, { nodeVersion: '22.3.0' }), 'package.json asks for Node >=24, and the services run with Node 22.3.0'],
])('advises on %s, and blocks nothing for it', async (_what, asked, said) => {
  expect(sayings(await asked())).toEqual({ blocks: [], advises: [said], passes: [] })
})
