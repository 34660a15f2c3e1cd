import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SmallFiles } from './small-files.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-small-'))
})
afterEach(async () => rm(directory, { recursive: true, force: true }))

async function file(name: string, content: string, etag = '"1"'): Promise<{ path: string; size: number; etag: string }> {
  const path = join(directory, name)
  await writeFile(path, content)
  return { path, size: content.length, etag }
}

test('what was read once is there, until the file has another tag', async () => {
  const files = new SmallFiles()
  const a = await file('a', 'first')
  expect(files.get(a)).toBeUndefined()
  expect(String(await files.read(a))).toBe('first')
  expect(String(files.get(a))).toBe('first')
  expect(files.get({ ...a, etag: '"2"' })).toBeUndefined()
})

test('a file of another size than was said is neither given nor kept', async () => {
  const files = new SmallFiles()
  const a = await file('a', 'first')
  expect(await files.read({ ...a, size: 4 })).toBeUndefined()
  expect(files.get(a)).toBeUndefined()
})

test('the oldest are forgotten when there is no more room', async () => {
  const files = new SmallFiles(10)
  const [a, b, c] = [await file('a', '1234'), await file('b', '1234'), await file('c', '1234')]
  for (const one of [a, a, b, c]) await files.read(one)
  expect([a, b, c].map((one) => files.get(one) !== undefined)).toEqual([false, true, true])
})
