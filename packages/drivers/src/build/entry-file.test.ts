import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entryFile } from './entry-file.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-entry-'))
})
afterEach(async () => rm(root, { recursive: true }))

async function write(file: string, text = ''): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

test.each([
  ['itself', 'dist/main.js', 'dist/main.js'],
  ['with an ending that Node adds', 'dist/main', 'dist/main.js'],
  ['as the index of a directory', 'dist', 'dist/index.js'],
  ['as what a manifest names', 'app', 'app/lib/start.js'],
  ['behind a link', 'link/main.js', 'dist/main.js'],
])('a file is found %s', async (_how, asked, found) => {
  await write('dist/main.js')
  await write('dist/index.js')
  await write('app/package.json', '{"main":"lib/start"}')
  await write('app/lib/start.js')
  await symlink('dist', join(root, 'link'))
  expect(entryFile(root, asked)).toBe(found)
})

test('a file that was there once is found no more', async () => {
  await write('dist/main.js')
  expect(entryFile(root, 'dist/main.js')).toBe('dist/main.js')
  await rm(join(root, 'dist'), { recursive: true })
  expect(entryFile(root, 'dist/main.js')).toBeUndefined()
})

test('a directory without anything to run has none', async () => {
  await write('dist/package.json', 'no manifest')
  expect(entryFile(root, 'dist')).toBeUndefined()
})
