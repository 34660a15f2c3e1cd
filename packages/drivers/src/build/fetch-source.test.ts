import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPlimsollError } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gitServer, type GitServer } from '../../test/git-server.ts'
import { fetchSource } from './fetch-source.ts'

const never = new AbortController().signal
const limits = { checkedOutBytes: 1_000_000, files: 100 }
let directory: string
let ours: string
let server: GitServer

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fetch-'))
  ours = join(directory, 'ours')
  server = await gitServer(directory, { token: 'ghs_token' })
  await server.commit({ 'render.yaml': 'services: []\n', 'src/index.ts': 'first\n' })
  await server.commit({ 'src/index.ts': 'second\n' })
})
afterEach(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

const fetched = (over: object = {}) => fetchSource(ours, { url: server.url, ref: 'refs/heads/main', branch: 'main', token: 'ghs_token', ...over }, limits, never).then(({ commit }) => commit, (error: unknown) => (isPlimsollError(error) ? `${error.code}: ${error.message}` : error))

test('what a branch stands for now is fetched alone, and known by its commit, branch and subject', async () => {
  expect(await fetched()).toBe(await server.git('rev-parse', 'HEAD'))
  expect(await readFile(join(ours, 'src/index.ts'), 'utf8')).toBe('second\n')
  expect(await readSource(ours)).toMatchObject({ branch: 'main', dirty: false, subject: 'With src/index.ts' })
  expect(await readFile(join(ours, '.git/config'), 'utf8')).not.toContain('ghs_token')
})

test('a branch that was pushed anew is fetched as it is now, and a pull request by its own name', async () => {
  await server.git('checkout', '-q', '-B', 'main', 'HEAD~1')
  await server.commit({ 'src/index.ts': 'instead\n' })
  await server.git('update-ref', 'refs/pull/7/head', 'HEAD')
  expect(await fetched({ ref: 'refs/pull/7/head', branch: undefined })).toBe(await server.git('rev-parse', 'HEAD'))
  expect(await readFile(join(ours, 'src/index.ts'), 'utf8')).toBe('instead\n')
})

test.each<[string, object, RegExp]>([
  ['a branch that there is not', { ref: 'refs/heads/gone' }, /^SOURCE_UNREADABLE: refs\/heads\/gone of .*couldn't find remote ref/],
  ['a wrong token', { token: 'wrong' }, /^SOURCE_UNREADABLE: /],
  ['no token', { token: undefined }, /^SOURCE_UNREADABLE: /],
  ['a path of this machine', { url: '/etc' }, /cannot be fetched$/],
  ['a file', { url: 'file:///etc' }, /cannot be fetched$/],
  ['a helper', { url: 'ext::sh -c true' }, /cannot be fetched$/],
  ['what git would take for an option', { ref: '--upload-pack=true' }, /cannot be fetched$/],
])('%s is refused, leaves nothing, and tells no token', async (_, over, said) => {
  const answer = await fetched(over)
  expect(answer).toMatch(said)
  expect(answer).not.toContain('ghs_token')
  expect(existsSync(ours)).toBe(false)
})

test('a redirect is not followed', async () => {
  expect(await fetched({ url: server.url.replace('/repo', '/moved') })).toMatch(/^SOURCE_UNREADABLE: /)
  expect(server.asked.some((path) => path.startsWith('/moved'))).toBe(true)
  expect(server.asked.some((path) => path.startsWith('/repo'))).toBe(false)
})

test('what is too large is refused', async () => {
  await server.commit({ 'large.bin': 'x'.repeat(1_000_001) })
  expect(await fetched()).toMatch(/^SOURCE_UNREADABLE: It takes 1 MB, more than 1 MB$/)
  expect(existsSync(ours)).toBe(false)
})
