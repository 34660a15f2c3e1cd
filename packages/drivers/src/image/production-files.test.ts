import { execFile } from 'node:child_process'
import { cp, lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('production-files.mjs', import.meta.url))
const server = 'apps/web/.next/standalone/apps/web'
let repository: ScratchRepository
let scratch: string
beforeEach(async () => {
  scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-production-')))
  repository = await scratchRepository({
    'pnpm-lock.yaml': '',
    'apps/api/package.json': '{"name":"api","type":"module"}',
    'apps/api/tsconfig.json': '{}',
    'apps/api/src/main.ts': '',
    'apps/api/src/main.test.ts': '',
    'apps/api/templates/mail.html': 'hello',
    'apps/api/.env': 'A=1',
    'apps/api/dist/main.js': "import { word } from 'word'\nimport '@shop/db'\nconsole.log(word)",
    'apps/api/dist/main.js.map': '',
    'apps/api/dist/plugins/loaded-by-directory.js': '',
    'apps/api/node_modules/word/package.json': '{"name":"word","main":"./old.js","exports":{"import":"./new.js","require":"./old.js"}}',
    'apps/api/node_modules/word/new.js': "export const word = 'hi'",
    'apps/api/node_modules/word/old.js': '',
    'apps/api/node_modules/word/README.md': '',
    'packages/db/package.json': '{"name":"@shop/db","exports":"./dist/db.js"}',
    'packages/db/dist/db.js': '',
    'packages/db/migrations/1.sql': 'select 1',
    'apps/web/package.json': '{}',
    'apps/web/.next/static/a.js': 'a',
    'apps/web/public/logo.svg': 'l',
    [`${server}/server.js`]: '',
    [`${server}/.env`]: 'A=1',
    [`${server}/.next/server/page.js`]: '',
    [`${server}/.next/server/page.js.nft.json`]: '',
    'apps/web/.next/standalone/node_modules/typescript/tsc.js': '',
    'site/index.html': 'site',
    'apps/shop/package.json': '{}',
    'apps/shop/next.config.js': "import './settings.js'",
    'apps/shop/settings.js': '',
    'apps/shop/content/menu.json': '{}',
    'apps/shop/app/page.tsx': '',
    'apps/shop/public/logo.svg': 'l',
    'apps/shop/node_modules/.modules.yaml': '',
    'apps/shop/.next/BUILD_ID': 'b',
    'apps/shop/.next/cache/old.js': '',
    'apps/shop/.next/server/page.js': '',
    'apps/shop/.next/server/page.js.nft.json': JSON.stringify({ version: 1, files: ['./page.js', '../../node_modules/wares/index.js', '../cache/old.js', '../../../../../elsewhere.js', '../../gone.js'] }),
    'node_modules/.pnpm/wares@1/node_modules/wares/index.js': '',
    'node_modules/.pnpm/wares@1/node_modules/wares/unreached.js': '',
    'node_modules/.pnpm/next@1/node_modules/next/package.json': '{"name":"next"}',
    'node_modules/.pnpm/next@1/node_modules/next/dist/bin/next': "require('../start.js')",
    'node_modules/.pnpm/next@1/node_modules/next/dist/start.js': '',
    'node_modules/.pnpm/next@1/node_modules/next/dist/loaded-by-a-setting.js': '',
  }, { git: false })
  await repository.link('apps/api/node_modules/@shop', '../../../packages')
  await repository.link('apps/shop/node_modules/next', '../../../node_modules/.pnpm/next@1/node_modules/next')
  await repository.link('apps/shop/node_modules/wares', '../../../node_modules/.pnpm/wares@1/node_modules/wares')
})
afterEach(async () => {
  await repository.remove()
  await rm(scratch, { recursive: true, force: true })
})

/** What an image has in `/app` after both of its layers. */
async function gather(...wanted: string[]): Promise<string[]> {
  await rm(`${scratch}/out`, { recursive: true, force: true })
  await promisify(execFile)(process.execPath, [script, `${scratch}/out`, `${scratch}/traces`, ...wanted], { cwd: repository.root })
  for (const layer of ['installed', 'built']) await cp(`${scratch}/out/${layer}/app`, `${scratch}/out/app`, { recursive: true, verbatimSymlinks: true })
  return filesBelow(`${scratch}/out/app`)
}

async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  return found.filter((entry) => !entry.isDirectory()).map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name))).sort()
}

const ofApi = [
  'apps/api/dist/main.js', 'apps/api/dist/plugins/loaded-by-directory.js', 'apps/api/node_modules/@shop', 'apps/api/node_modules/word/new.js', 'apps/api/node_modules/word/package.json',
  'apps/api/package.json', 'apps/api/templates/mail.html', 'packages/db/dist/db.js', 'packages/db/migrations/1.sql', 'packages/db/package.json',
]

test('a program gets what it reaches and the data of its packages, and neither sources nor values', async () => {
  expect(await gather('apps/api/dist/main.js')).toEqual(ofApi)
})

test('the files that are found run', async () => {
  await gather('apps/api/dist/main.js')
  expect((await promisify(execFile)(process.execPath, [`${scratch}/out/app/apps/api/dist/main.js`])).stdout).toBe('hi\n')
})

test('packages are a layer of their own, which is there even for a program that has none', async () => {
  await gather('apps/api/dist/main.js')
  expect(await filesBelow(`${scratch}/out/installed/app`)).toEqual(ofApi.filter((file) => file.includes('node_modules')))
  await gather('packages/db/dist/db.js')
  expect(await filesBelow(`${scratch}/out/installed`)).toEqual([])
  expect(await readdir(`${scratch}/out/installed`)).toEqual(['app'])
})

test('what is remembered of a trace gives the same files, and is not believed once they are gone', async () => {
  await gather('apps/api/dist/main.js')
  expect(await gather('apps/api/dist/main.js')).toEqual(ofApi)
  await repository.write({ 'apps/api/node_modules/word/package.json': '{"name":"word","exports":"./other.js"}', 'apps/api/node_modules/word/other.js': "export const word = 'ho'" })
  await rm(`${repository.root}/apps/api/node_modules/word/new.js`)
  expect(await gather('apps/api/dist/main.js')).toContain('apps/api/node_modules/word/other.js')
})

test('the server of Next.js gets its static and public files, and nothing that only a build reads', async () => {
  expect(await gather(`${server}/server.js`)).toEqual([`${server}/.next/server/page.js`, `${server}/.next/static/a.js`, `${server}/public/logo.svg`, `${server}/server.js`])
})

test('a directory is taken as it is', async () => {
  await repository.write({ 'site/node_modules/theme.css': '' })
  await gather('site')
  expect(await filesBelow(`${scratch}/out/built/app`)).toEqual(['site/index.html', 'site/node_modules/theme.css'])
})

test('times and modes follow from the content', async () => {
  await repository.write({ 'site/same.html': 'site', 'site/program*': 'run' })
  await gather('site')
  const [index, same, program, directory] = await Promise.all(['index.html', 'same.html', 'program', ''].map((name) => lstat(`${scratch}/out/built/app/site/${name}`)))
  expect(same?.mtimeMs).toBe(index?.mtimeMs)
  expect(program?.mtimeMs).not.toBe(index?.mtimeMs)
  expect([index?.mode, program?.mode].map((mode) => ((mode ?? 0) & 0o777).toString(8))).toEqual(['644', '755'])
  expect(directory?.mtime.toISOString()).toBe('2000-01-01T00:00:00.000Z')
})

test('a build of Next.js without a server of its own comes with all of Next.js, what its pages reach, its package and the links that lead there, and without its cache', async () => {
  expect((await gather('apps/shop/node_modules/next/dist/bin/next', 'apps/shop/.next')).toSorted()).toEqual([
    'apps/shop/.next/BUILD_ID', 'apps/shop/.next/server/page.js', 'apps/shop/content/menu.json', 'apps/shop/next.config.js', 'apps/shop/node_modules/next', 'apps/shop/node_modules/wares', 'apps/shop/package.json', 'apps/shop/public/logo.svg', 'apps/shop/settings.js',
    ...['next@1/node_modules/next/dist/bin/next', 'next@1/node_modules/next/dist/loaded-by-a-setting.js', 'next@1/node_modules/next/dist/start.js', 'next@1/node_modules/next/package.json', 'wares@1/node_modules/wares/index.js'].map((file) => `node_modules/.pnpm/${file}`),
  ])
})
