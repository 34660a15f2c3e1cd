import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { unitSpecSchema } from '@plimsoll/model'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { readSourceTree, readWorkspace } from '@plimsoll/repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findEntries } from './entries.ts'
import type { BuiltTree } from './layout.ts'
import { nextStandalone } from './layout-next-standalone.ts'

const next = 'apps/web/.next'
const server = `${next}/standalone/apps/web/server.js`
let repository: ScratchRepository
beforeEach(async () => {
  repository = await scratchRepository({
    'package.json': '{}',
    'pnpm-workspace.yaml': 'packages: [apps/*]',
    'apps/web/package.json': '{"name":"web","scripts":{"start":"node .next/standalone/apps/web/server.js"}}',
    'apps/web/public/logo.svg': '',
    'apps/web/public/.DS_Store': '',
    'migrate.js': "require('./steps.js')",
    'steps.js': '',
    [`${next}/BUILD_ID`]: 'build-1',
    [`${next}/required-server-files.json`]: '{"relativeAppDir":"apps/web","config":{"distDir":"./.next","basePath":"/shop","assetPrefix":"https://cdn.example/assets","deploymentId":"d1"}}',
    [`${next}/static/chunks/a.js`]: '',
    [server]: '',
    [`${next}/standalone/apps/web/.env`]: 'SECRET=1',
    [`${next}/standalone/apps/web/.next/server/page.js`]: '',
    [`${next}/standalone/apps/web/.next/server/page.js.map`]: '',
    [`${next}/standalone/apps/web/.next/server/page.js.nft.json`]: '',
    [`${next}/standalone/node_modules/next/index.js`]: '',
    [`${next}/standalone/node_modules/.pnpm/typescript@7.0.2/node_modules/typescript/index.js`]: '',
  }, { git: false })
})
afterEach(() => repository.remove())

async function built(commands: { startCommand: string; preDeployCommand?: string }): Promise<BuiltTree> {
  const tree = await readSourceTree({ root: repository.root, blueprint: 'render.yaml', dirty: true }, new AbortController().signal)
  const workspace = await readWorkspace(tree)
  const spec = unitSpecSchema.parse({ service: 'web', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1, instances: 1, ...commands })
  return { root: repository.root, spec, tree, workspace, packages: 'all', entries: findEntries(spec, workspace), traceMemory: `${repository.root}/traces` }
}

test('puts static and public files where the standalone server looks, and leaves out what only a build needs', async () => {
  const selection = await nextStandalone.select(await built({ startCommand: `node ${server}` }))
  expect([...(selection?.plan.keys() ?? [])].sort()).toEqual([
    `${next}/standalone/apps/web/.next/server/page.js`,
    `${next}/standalone/apps/web/.next/static/chunks/a.js`,
    `${next}/standalone/apps/web/public/logo.svg`,
    server,
    `${next}/standalone/node_modules/next/index.js`,
  ])
  expect(selection).toMatchObject({ deploymentId: 'd1', buildId: 'build-1' })
})

test('leaves out links to packages that were kept out of the standalone tree, and keeps those that lead somewhere', async () => {
  const modules = `${next}/standalone/node_modules`
  await symlink('../sharp@1/node_modules/sharp', join(repository.root, modules, '.pnpm/sharp'))
  await symlink('next/index.js', join(repository.root, modules, 'next.js'))
  const selection = await nextStandalone.select(await built({ startCommand: `node ${server}` }))
  const links = [...(selection?.plan.keys() ?? [])].filter((file) => file.startsWith(modules) && !file.endsWith('/index.js'))
  expect(links).toEqual([`${modules}/next.js`])
})

test('names the assets under the base path and under the prefix that a CDN asks by', async () => {
  const selection = await nextStandalone.select(await built({ startCommand: `node ${server}` }))
  const directory = `${next}/standalone/apps/web/.next/static`
  expect(selection?.assets).toEqual([{ directory, urlPrefix: '/shop/_next/static/' }, { directory, urlPrefix: '/assets/_next/static/' }])
})

test('brings along what the other commands run, and the manifests that a package manager wants', async () => {
  const selection = await nextStandalone.select(await built({ startCommand: 'pnpm --filter web start', preDeployCommand: 'node migrate.js' }))
  expect([...(selection?.plan.keys() ?? [])]).toEqual(expect.arrayContaining(['migrate.js', 'steps.js', 'package.json', 'apps/web/package.json', server]))
})

test('is not for an app that is started by next start', async () => {
  expect(await nextStandalone.select(await built({ startCommand: 'pnpm --filter web exec next start' }))).toBeUndefined()
})
