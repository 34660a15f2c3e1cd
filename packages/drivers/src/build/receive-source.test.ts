import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { isPlimsollError } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { receiveSource, usualReceiveLimits, type ReceiveLimits } from './receive-source.ts'

const run = promisify(execFile)
const never = new AbortController().signal
let directory: string
let theirs: string
let ours: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'receive-'))
  theirs = join(directory, 'theirs')
  ours = join(directory, 'ours')
  await mkdir(join(theirs, 'src'), { recursive: true })
  await git('init', '-q', '-b', 'main')
  await commit({ 'render.yaml': 'services: []\n', 'src/index.ts': 'first\n' })
  await commit({ 'src/index.ts': 'second\n' })
})
afterEach(() => rm(directory, { recursive: true }))

async function git(...args: readonly string[]): Promise<string> {
  return (await run('git', ['-c', 'user.name=A', '-c', 'user.email=a@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: theirs })).stdout.trim()
}

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(theirs, path), text)
  await git('add', '-A')
  await git('commit', '-q', '-m', `With ${Object.keys(files).join(', ')}`)
}

/** The objects of one commit, and of none before it. */
async function packOf(id: string): Promise<Buffer> {
  const { stdout } = await run('sh', ['-c', `git rev-list --objects --no-walk ${id} | git pack-objects --stdout -q`], { cwd: theirs, encoding: 'buffer' })
  return stdout
}

const receive = async (pack: Buffer, id: string, { branch = 'main', limits = {} }: { readonly branch?: string; readonly limits?: Partial<ReceiveLimits> } = {}): Promise<unknown> =>
  receiveSource(ours, { commit: id, branch, pack: Readable.from([pack]) }, { ...usualReceiveLimits, ...limits }, never).then(() => 'received', (error: unknown) => (isPlimsollError(error) ? `${error.code}: ${error.message}` : error))

test('one commit is received as it is there, with its subject, branch and time, and without what was before it', async () => {
  const head = await git('rev-parse', 'HEAD')
  expect(await receive(await packOf(head), head)).toBe('received')
  expect(await readFile(join(ours, 'src/index.ts'), 'utf8')).toBe('second\n')
  const { root: _root, ...told } = await readSource(theirs)
  expect(await readSource(ours)).toEqual({ root: ours, ...told })
  expect((await run('git', ['rev-list', '--count', 'HEAD'], { cwd: ours })).stdout.trim()).toBe('1')
})

test.each(['..', 'a b', '-x', 'refs/../../x', '@{-1}'])('a branch that cannot be one is left out: %s', async (branch) => {
  const head = await git('rev-parse', 'HEAD')
  expect(await receive(await packOf(head), head, { branch })).toBe('received')
  expect((await readSource(ours)).branch).toBeUndefined()
})

describe('what is not the commit that it is said to be', () => {
  test('is refused, and leaves nothing', async () => {
    const [head, before] = [await git('rev-parse', 'HEAD'), await git('rev-parse', 'HEAD~1')]
    const whole = await packOf(head)
    expect(await receive(await packOf(before), head)).toMatch(/^SOURCE_UNREADABLE: What was sent is not commit /)
    expect(await receive(whole.subarray(0, whole.length - 30), head)).toMatch(/^SOURCE_UNREADABLE: What was sent cannot be read: /)
    expect(await receive(Buffer.from('no pack at all'), head)).toMatch(/^SOURCE_UNREADABLE: /)
    const changed = Buffer.from(whole)
    changed[changed.length - 25] = (changed[changed.length - 25] ?? 0) ^ 1
    expect(await receive(changed, head)).toMatch(/^SOURCE_UNREADABLE: /)
    expect(await receive(whole, '--upload-pack=x')).toMatch(/is not the id of a commit/)
    expect(existsSync(ours)).toBe(false)
  })

  test('is refused when it is larger than it may be, sent or checked out', async () => {
    const head = await git('rev-parse', 'HEAD')
    const pack = await packOf(head)
    expect(await receive(pack, head, { limits: { packBytes: 100 } })).toMatch(/SOURCE_UNREADABLE: .*exceeds maximum allowed size/)
    expect(await receive(pack, head, { limits: { checkedOutBytes: 10 } })).toMatch(/more than 0 MB/)
    expect(await receive(pack, head, { limits: { files: 1 } })).toMatch(/holds 2 files, more than 1/)
    expect(existsSync(ours)).toBe(false)
  })

  test('is refused when it would write into its own repository', async () => {
    await symlink('.git', join(theirs, 'link'))
    await git('add', '-A')
    const blob = await git('hash-object', '-w', 'render.yaml')
    const inner = (await run('sh', ['-c', `printf '100755 blob ${blob}\\tpost-checkout\\n' | git mktree`], { cwd: theirs })).stdout.trim()
    const outer = (await run('sh', ['-c', `printf '040000 tree ${inner}\\t.git\\n' | git mktree`], { cwd: theirs })).stdout.trim()
    const evil = await git('commit-tree', outer, '-m', 'evil')
    expect(await receive(await packOf(evil), evil)).toMatch(/^SOURCE_UNREADABLE: /)
    expect(existsSync(ours)).toBe(false)
  })
})
