import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { givenKeys, keyFile } from './key-source.ts'
import { newSecretKey } from './secret-key.ts'

let home = ''
beforeEach(async () => { home = await mkdtemp(join(tmpdir(), 'plimsoll-key-')) })
afterEach(() => rm(home, { recursive: true }))

test('the first key is kept in a file that only its owner can read, and nobody replaces it who comes at the same moment', async () => {
  const path = join(home, 'secret-key')
  expect(await keyFile(path).read()).toBeUndefined()
  const settled = await Promise.all([1, 2, 3, 4].map(() => keyFile(path).file?.settle([newSecretKey()])))
  expect(new Set(settled.map((keys) => keys?.[0].id)).size).toBe(1)
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
  expect(await readFile(path, 'utf8')).toBe(`${settled[0]?.[0].text}\n`)
  expect(await readdir(home)).toEqual(['secret-key'])
})

test('keys are replaced as a whole, and what somebody left who was killed while writing goes with them', async () => {
  const path = join(home, 'secret-key')
  const [one, two] = [newSecretKey(), newSecretKey()]
  await writeFile(`${path}.half-written`, one.text.slice(0, 10))
  await keyFile(path).file?.replace([two, one])
  expect((await keyFile(path).read())?.map(({ id }) => id)).toEqual([two.id, one.id])
  expect(await readdir(home)).toEqual(['secret-key'])
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
})

test.each([0o640, 0o604, 0o660, 0o620])('a file that others can get at (%o) is not used, and it is said how to close it', async (mode) => {
  const path = join(home, 'secret-key')
  await writeFile(path, newSecretKey().text)
  await chmod(path, mode)
  await expect(keyFile(path).read()).rejects.toMatchObject({ code: 'SECRETS_LOCKED', hint: expect.stringContaining(`chmod 600 ${path}`) })
})

test('what holds no key is refused by name, without a word of what it holds', async () => {
  await expect(givenKeys('PLIMSOLL_SECRET_KEY', async () => 'hunter2').read()).rejects.toMatchObject({ code: 'SECRETS_LOCKED', message: expect.not.stringContaining('hunter2') })
})

test('what cannot be read is no key, and no failure of ours', async () => {
  await mkdir(join(home, 'secret-key'), { mode: 0o700 })
  await expect(keyFile(join(home, 'secret-key')).read()).rejects.toMatchObject({ code: 'SECRETS_LOCKED', message: expect.stringContaining('EISDIR') })
  const gone = join(home, 'gone')
  await expect(givenKeys(gone, () => readFile(gone, 'utf8')).read()).rejects.toMatchObject({ code: 'SECRETS_LOCKED', message: expect.stringContaining('ENOENT') })
})
