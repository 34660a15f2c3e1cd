import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scratchRepository, type ScratchRepository } from '../../test/scratch-repository.ts'
import { readSource } from './read-source.ts'
import { readSourceTree } from './source-tree.ts'
import { syncSource } from './sync-source.ts'

const never = new AbortController().signal
let repository: ScratchRepository
let work: string

beforeEach(async () => {
  repository = await scratchRepository({ '.gitignore': 'ignored\n.env', 'package.json': '{}', 'app/a.txt': 'one', 'app/run*': '#!/bin/sh', 'ödd näme.txt': 'x', ignored: 'x', '.env': 'SECRET=1' })
  await repository.link('app/link', 'a.txt')
  await repository.commit('second')
  work = await mkdtemp(path.join(tmpdir(), 'plimsoll-work-'))
})
afterEach(async () => {
  await repository.remove()
  await rm(work, { recursive: true, force: true })
})

const paths = async (root = repository.root) => [...(await readSourceTree(await readSource(root), never)).files.keys()].sort()
const sync = async () => syncSource({ tree: await readSourceTree(await readSource(repository.root), never), directory: path.join(work, 'source'), memory: path.join(work, 'memory') })
const text = (name: string) => readFile(path.join(work, 'source', name), 'utf8')

describe('readSource', () => {
  test('names the commit, the branch and the subject, and calls an unchanged tree clean', async () => {
    expect(await readSource(repository.root)).toEqual({ root: repository.root, blueprint: 'render.yaml', commit: await repository.git('rev-parse', 'HEAD'), branch: 'main', subject: 'second', committedAt: expect.stringMatching(/^\d{4}-.*Z$/), dirty: false })
  })

  test('calls a tree dirty for a changed, a deleted and a new file, and not for an ignored one', async () => {
    await repository.write({ ignored: 'other' })
    expect((await readSource(repository.root)).dirty).toBe(false)
    await repository.write({ 'new.txt': '' })
    expect((await readSource(repository.root)).dirty).toBe(true)
  })

  test('looks no further than the directory that it is asked about', async () => {
    await repository.write({ 'package.json': '{"changed":true}' })
    expect((await readSource(path.join(repository.root, 'app'))).dirty).toBe(false)
  })

  test('is readable in a shallow clone, in a worktree and on a detached head', async () => {
    const shallow = path.join(work, 'shallow')
    await promisify(execFile)('git', ['clone', '-q', '--depth=1', `file://${repository.root}`, shallow])
    expect(await paths(shallow)).toEqual(await paths())
    const tree = path.join(work, 'tree')
    await repository.git('worktree', 'add', '-q', '--detach', tree)
    expect(await readSource(tree)).toMatchObject({ dirty: false, subject: 'second' })
    expect((await readSource(tree)).branch).toBeUndefined()
  })

  test('has no commit where there is no repository, or nothing committed yet', async () => {
    const bare = await scratchRepository({ 'a.txt': '' }, { git: false })
    expect(await readSource(bare.root)).toEqual({ root: bare.root, blueprint: 'render.yaml', dirty: true })
    await bare.git('init', '-q')
    expect(await readSource(bare.root)).toMatchObject({ branch: 'main', dirty: true })
    expect(await paths(bare.root)).toEqual(['a.txt'])
    await bare.remove()
  })

  test('refuses a directory that is not there, and a repository that git cannot read', async () => {
    await expect(readSource(path.join(work, 'nowhere'))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
    await mkdir(path.join(work, 'broken'))
    await writeFile(path.join(work, 'broken/.git'), 'gitdir: /nowhere')
    await expect(readSource(path.join(work, 'broken'))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  })
})

describe('readSourceTree', () => {
  test('gives a commit and its unchanged working tree the same blobs', async () => {
    const source = await readSource(repository.root)
    const committed = await readSourceTree(source, never)
    const working = await readSourceTree({ ...source, dirty: true }, never)
    expect([...working.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([...committed.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)))
  })

  test('sees new and changed files of a dirty tree, and neither deleted, ignored nor local ones', async () => {
    await rm(path.join(repository.root, 'app/a.txt'))
    await repository.write({ 'new.txt': 'new', '.env.local': 'SECRET=2' })
    expect(await paths()).toEqual(['.gitignore', 'app/link', 'app/run', 'new.txt', 'package.json', 'ödd näme.txt'])
  })

  test('leaves out what no build needs where there is no repository', async () => {
    const bare = await scratchRepository({ 'a.txt': '', 'node_modules/x/index.js': '', 'dist/main.js': '', '.env': '' }, { git: false })
    expect(await paths(bare.root)).toEqual(['a.txt'])
    await bare.remove()
  })

  test('reads relative to a Blueprint in a sub-directory', async () => {
    expect(await paths(path.join(repository.root, 'app'))).toEqual(['a.txt', 'link', 'run'])
  })

  test('refuses a file that changes between being named and being copied', async () => {
    await repository.write({ 'app/a.txt': 'two' })
    const tree = await readSourceTree(await readSource(repository.root), never)
    await repository.write({ 'app/a.txt': 'three' })
    await expect(syncSource({ tree, directory: path.join(work, 'source'), memory: path.join(work, 'memory') })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  })
})

describe('syncSource', () => {
  test('keeps links as links and programs executable', async () => {
    await sync()
    expect(await readlink(path.join(work, 'source/app/link'))).toBe('a.txt')
    expect((await stat(path.join(work, 'source/app/run'))).mode & 0o777).toBe(0o755)
    expect(await text('ödd näme.txt')).toBe('x')
  })

  test('writes nothing again when nothing changed', async () => {
    await sync()
    expect(await sync()).toEqual({ written: 0, removed: 0 })
  })

  test('restores what a build changed, and deletes what it made', async () => {
    await sync()
    await writeFile(path.join(work, 'source/app/a.txt'), 'tampered')
    await mkdir(path.join(work, 'source/dist'))
    await writeFile(path.join(work, 'source/app/old.js'), '')
    expect(await sync()).toEqual({ written: 1, removed: 2 })
    expect(await text('app/a.txt')).toBe('one')
  })

  test('keeps installs and caches, but no output beside them', async () => {
    await sync()
    for (const name of ['node_modules/x', '.next/cache', '.next/server', '.turbo', 'app/node_modules/y']) await mkdir(path.join(work, 'source', name), { recursive: true })
    await sync()
    const there = async (name: string) => stat(path.join(work, 'source', name)).then(() => true, () => false)
    expect(await Promise.all(['node_modules/x', '.next/cache', '.turbo'].map(there))).toEqual([true, true, true])
    expect(await Promise.all(['.next/server', 'app/node_modules'].map(there))).toEqual([false, false])
  })

  test('never writes through a link that a build left in its way', async () => {
    await sync()
    await rm(path.join(work, 'source/app'), { recursive: true })
    await symlink(repository.root, path.join(work, 'source/app'))
    await sync()
    expect(await text('app/a.txt')).toBe('one')
    expect((await readSource(repository.root)).dirty).toBe(false)
  })
})
