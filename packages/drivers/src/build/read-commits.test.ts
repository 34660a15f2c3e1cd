import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Source } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCommits } from './read-commits.ts'

const run = promisify(execFile)
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'commits-'))
  await git('init', '-q', '-b', 'main')
})
afterEach(() => rm(root, { recursive: true }))

async function git(...args: readonly string[]): Promise<string> {
  return (await run('git', ['-c', 'user.name=Ada <Lovelace>', '-c', 'user.email=a@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: root })).stdout.trim()
}

/** Commits one file and gives the commit's id. */
async function commit(subject: string, file = 'file'): Promise<string> {
  await mkdir(join(root, file, '..'), { recursive: true })
  await writeFile(join(root, file), subject)
  await git('add', '-A')
  await git('commit', '-q', '-m', subject)
  return git('rev-parse', 'HEAD')
}

const at = (id: string | undefined, more: Partial<Source> = {}): Source => ({ root, blueprint: 'render.yaml', dirty: false, ...(id !== undefined && { commit: id }), ...more })
const subjects = async (from: Source, to: Source) => {
  const range = await readCommits({ source: to, since: from })
  return range.is === 'known' ? [range.added.commits.map(({ subject }) => subject), range.dropped.commits.map(({ subject }) => subject)] : range.why
}

test('tells what is new, newest first, with who wrote it', async () => {
  const [first, , third] = [await commit('One'), await commit('Two'), await commit('Three: “quotes”\tand a tab')]
  expect(await readCommits({ source: at(third), since: at(first) })).toMatchObject({
    is: 'known', added: { commits: [{ id: third, author: 'Ada Lovelace', subject: 'Three: “quotes”\tand a tab' }, { subject: 'Two' }], more: 0 }, dropped: { commits: [], more: 0 }, isShallow: false, within: '',
  })
  expect(await subjects(at(third), at(third))).toEqual([[], []])
})

test('tells what only the release before has, where another branch is released', async () => {
  const base = await commit('Base')
  const live = await commit('Live, and not on the branch', 'live')
  await git('checkout', '-q', '-b', 'fix', base)
  const fix = await commit('Fix')
  expect(await subjects(at(live), at(fix))).toEqual([['Fix'], ['Live, and not on the branch']])
  expect(await subjects(at(live), at(base))).toEqual([[], ['Live, and not on the branch']])
})

test('names a hundred, and counts the others', async () => {
  const first = await commit('First')
  const importing = run('git', ['fast-import', '--quiet'], { cwd: root })
  importing.child.stdin?.end(Array.from({ length: 103 }, (_, i) => `commit refs/heads/main\ncommitter Ada <a@localhost> ${1_700_000_000 + i} +0000\ndata 6\nChange\n${i === 0 ? `from ${first}\n` : ''}\n`).join(''))
  await importing
  const head = await git('rev-parse', 'main')
  const range = await readCommits({ source: at(head), since: at(first) })
  expect(range).toMatchObject({ added: { more: 3 } })
  expect(range.is === 'known' && range.added.commits.length).toBe(100)
})

test('counts what touches the directory of the Blueprint, where that is not all of the repository', async () => {
  const first = await commit('Base', 'shop/file')
  await commit('Elsewhere', 'other')
  const last = await commit('In the shop', 'shop/file')
  const shop = { root: join(root, 'shop') }
  expect(await subjects(at(first, shop), at(last, shop))).toEqual([['In the shop'], []])
  expect(await readCommits({ source: at(last, shop), since: at(first, shop) })).toMatchObject({ within: 'shop' })
})

test('says why it does not know: no commit, another repository, a history that ends before', async () => {
  const [first, second, third] = [await commit('One'), await commit('Two'), await commit('Three')]
  expect(await subjects(at(first), at(undefined))).toBe('What is released is in no commit')
  expect(await subjects(at(undefined), at(second))).toBe('What was live was in no commit')
  expect(await subjects(at('a'.repeat(40)), at(second))).toBe('Commit aaaaaaa, which was live, is not in this repository')
  expect(await subjects(at(first, {}), at(second, { root: join(root, 'nowhere') }))).toMatch(/^git could not tell/)
  const shallow = join(root, '..', `${root.split('/').at(-1)}-shallow`)
  await run('git', ['clone', '-q', '--depth', '2', `file://${root}`, shallow])
  try {
    expect(await subjects(at(first), at(third, { root: shallow }))).toMatch(/^The history ends before commit/)
    expect(await readCommits({ source: at(third, { root: shallow }), since: at(second) })).toMatchObject({ added: { commits: [{ subject: 'Three' }] }, isShallow: true })
  } finally {
    await rm(shallow, { recursive: true })
  }
})
