import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scratchRepository, type ScratchRepository } from '../test/scratch-repository.ts'
import { readSource } from './read-source.ts'
import { readSourceTree } from './source-tree.ts'

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
})
