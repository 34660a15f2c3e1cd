import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSource, readSourceTree } from '@plimsoll/repository'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
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

const sync = async () => syncSource({ tree: await readSourceTree(await readSource(repository.root), never), directory: path.join(work, 'source'), memory: path.join(work, 'memory') })
const text = (name: string) => readFile(path.join(work, 'source', name), 'utf8')

describe('syncSource', () => {
  test('refuses a file that changes between being named and being copied', async () => {
    await repository.write({ 'app/a.txt': 'two' })
    const tree = await readSourceTree(await readSource(repository.root), never)
    await repository.write({ 'app/a.txt': 'three' })
    await expect(syncSource({ tree, directory: path.join(work, 'source'), memory: path.join(work, 'memory') })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  })

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
