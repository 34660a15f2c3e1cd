import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditLinks } from './audit-links.ts'

let top: string
beforeEach(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'plimsoll-links-'))
  await mkdir(path.join(top, 'a/b'), { recursive: true })
  await writeFile(path.join(top, 'a/file'), '')
})
afterEach(() => rm(top, { recursive: true, force: true }))

test('lets links inside the directory pass, also over other links', async () => {
  await symlink('../file', path.join(top, 'a/b/one'))
  await symlink('a/b', path.join(top, 'two'))
  await symlink('two/one', path.join(top, 'three'))
  expect(await auditLinks(top)).toEqual([])
})

test('names every link that points at nothing or out of the directory', async () => {
  await symlink('gone', path.join(top, 'a/dangling'))
  await symlink('../..', path.join(top, 'a/escaping'))
  await symlink(path.join(top, 'a/file'), path.join(top, 'absolute-inside'))
  await symlink('/etc/hostname', path.join(top, 'absolute'))
  await symlink('loop', path.join(top, 'loop'))
  expect((await auditLinks(top)).map(({ link, fault }) => `${fault} ${link}`)).toEqual(['dangling a/dangling', 'escaping a/escaping', 'escaping absolute', 'escaping absolute-inside', 'dangling loop'])
})
