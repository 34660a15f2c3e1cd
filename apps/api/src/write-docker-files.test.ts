import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeDockerFiles } from './write-docker-files.ts'

const storefront = fileURLToPath(new URL('../../../examples/storefront/', import.meta.url))
const never = new AbortController().signal
let root: string
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-docker-files-')))
})
afterEach(() => rm(root, { recursive: true }))

const written = ['.dockerignore', 'apps/api/Dockerfile', 'apps/help/Dockerfile', 'apps/web/Dockerfile', 'apps/worker/Dockerfile', 'apps/worker/expire-carts.Dockerfile', 'docker/production-files.mjs']

test('the storefront\'s own files are the ones that are written for it', async () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: storefront, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of files) await cp(join(storefront, file), join(root, file))
  for (const file of written) await rm(join(root, file))
  const { files: done, left } = await writeDockerFiles({ root, blueprint: 'render.yaml', force: false }, never)
  expect(left).toEqual([])
  expect(done.map(({ path }) => path).toSorted()).toEqual(written)
  for (const file of written) expect(await readFile(join(root, file), 'utf8'), file).toBe(await readFile(join(storefront, file), 'utf8'))
})

test('a file that is there stays as it is, unless it is to be written over', async () => {
  await writeFile(join(root, 'package.json'), '{}')
  await writeFile(join(root, 'pnpm-lock.yaml'), '')
  await writeFile(join(root, 'render.yaml'), 'services: [{ type: web, name: api, runtime: node, buildCommand: pnpm install, startCommand: node main.js }, { type: worker, name: jobs, runtime: node, buildCommand: pnpm install, startCommand: ./jobs.sh }]')
  await writeFile(join(root, 'Dockerfile'), 'FROM mine')
  const wish = { root, blueprint: 'render.yaml', force: false }
  const { files, left } = await writeDockerFiles(wish, never)
  expect(files.map(({ path, written: isWritten }) => [path, isWritten])).toEqual([['Dockerfile', false], ['docker/production-files.mjs', true], ['.dockerignore', true]])
  expect(left).toEqual([expect.objectContaining({ service: 'jobs', why: expect.stringContaining('./jobs.sh') })])
  expect(await readFile(join(root, 'Dockerfile'), 'utf8')).toBe('FROM mine')
  await writeDockerFiles({ ...wish, force: true }, never)
  expect(await readFile(join(root, 'Dockerfile'), 'utf8')).toContain('FROM ${NODE_BASE}')
})
