import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readSource } from '@plimsoll/repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copySource } from './copy-source.ts'

const run = promisify(execFile)
const never = new AbortController().signal
const limits = { checkedOutBytes: 1_000_000, files: 100 }
let directory: string
let theirs: string
let ours: string
let first: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'copy-'))
  theirs = join(directory, 'theirs')
  ours = join(directory, 'ours')
  await mkdir(join(theirs, 'shop'), { recursive: true })
  await git('init', '-q')
  first = await commit('first')
  await commit('second')
})
afterEach(async () => rm(directory, { recursive: true }))

async function git(...args: readonly string[]): Promise<string> {
  const own = ['-c', 'user.name=T', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null', '-c', 'init.defaultBranch=main']
  return (await run('git', [...own, ...args], { cwd: theirs })).stdout.trim()
}

async function commit(text: string): Promise<string> {
  await writeFile(join(theirs, 'shop/index.ts'), text)
  await git('add', '-A')
  await git('commit', '-q', '-m', text)
  return git('rev-parse', 'HEAD')
}

const copied = (from: string, wanted = first) => copySource(ours, { from, commit: wanted, branch: 'main' }, limits, never)

test('a commit is copied as it was, from a repository that has moved on, and known by where it lay', async () => {
  await writeFile(join(theirs, 'shop/index.ts'), 'in no commit')
  expect(await copied(join(theirs, 'shop'))).toEqual({ prefix: 'shop/' })
  expect(await readFile(join(ours, 'shop/index.ts'), 'utf8')).toBe('first')
  expect(await readSource(join(ours, 'shop'))).toMatchObject({ commit: first, branch: 'main', subject: 'first', dirty: false })
})

test('a copy can be copied', async () => {
  await copied(theirs)
  const again = join(directory, 'again')
  expect(await copySource(again, { from: ours, commit: first, branch: undefined }, limits, never)).toEqual({ prefix: '' })
  expect(await readFile(join(again, 'shop/index.ts'), 'utf8')).toBe('first')
})

test.each(['f'.repeat(40), 'HEAD', '--upload-pack=x'])('of what is not there or is no commit (%s) nothing is left', async (wanted) => {
  await expect(copied(theirs, wanted)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  expect(existsSync(ours)).toBe(false)
})

test('a repository that is gone is told', async () => {
  await rm(theirs, { recursive: true })
  await expect(copied(theirs)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringContaining(first.slice(0, 12)) })
})
