import { afterEach, expect, test } from 'vitest'
import { readRepository } from '../src/apps/apps.ts'
import { programSources, type ProgramSources } from '../src/program/program.ts'
import { npmShop, pnpmShop, type Monorepo } from './monorepos.ts'
import { scratchRepository, type ScratchRepository } from './scratch-repository.ts'

const never = new AbortController().signal
const opened: ScratchRepository[] = []
afterEach(async () => { for (const each of opened.splice(0)) await each.remove() })

/** What a program of the package in `directory` reads, that is begun with `entries`. */
async function sourcesOf(shape: Monorepo, directory: string, entries: readonly string[]): Promise<ProgramSources | undefined> {
  const repository = await scratchRepository(shape, { git: false })
  opened.push(repository)
  const { root, files, workspace } = await readRepository(repository.root, never)
  const packages = workspace.packages.filter((one) => one.directory === directory)
  return programSources({ root, code: { files: [...files], packages: [workspace.root, ...workspace.packages] }, program: { entries, complete: true, packages } }, never)
}

test('a built file is followed from its source, through the packages that it imports, and to no test', async () => {
  const sources = await sourcesOf(pnpmShop, 'apps/api', ['apps/api/dist/server.js'])
  expect([...(sources?.modules.keys() ?? [])].toSorted()).toEqual(['apps/api/src/routes/health.ts', 'apps/api/src/routes/orders.ts', 'apps/api/src/server.ts', 'packages/db/src/db.ts'])
  expect(sources).toMatchObject({ exact: true, isNext: false })
})

test.each([
  { by: 'its standalone server', shape: pnpmShop, entry: 'apps/web/.next/standalone/apps/web/server.js', page: 'apps/web/src/app/page.tsx' },
  { by: 'its own program beside it', shape: npmShop, entry: 'apps/web/node_modules/next/dist/bin/next', page: 'apps/web/pages/index.tsx' },
  { by: 'its own program at the root', shape: npmShop, entry: 'node_modules/next/dist/bin/next', page: 'apps/web/pages/index.tsx' },
])('a Next.js app that is run by $by is followed from its pages', async ({ shape, entry, page }) => {
  const sources = await sourcesOf(shape, 'apps/web', [entry])
  expect(sources).toMatchObject({ exact: true, isNext: true })
  expect([...(sources?.modules.keys() ?? [])]).toContain(page)
})

test('where no file is known to begin it, all of its package is read, and that is said', async () => {
  expect(await sourcesOf(pnpmShop, 'apps/worker', ['apps/worker/build/elsewhere.js'])).toMatchObject({ exact: false, isNext: false })
})
