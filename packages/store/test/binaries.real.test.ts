import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBinaries, locatePackage } from '../src/postgres/binaries.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0
const account = isRoot ? { uid: 65534, gid: 65534 } : undefined

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-binaries-'))
  await chmod(directory, 0o711)
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('makes a copy with the links that the loader needs when the install script was not run, and makes it once', async () => {
  const installed = await copyOfPackage()
  await removeLinks(join(installed, 'native/lib'))
  const first = await findBinaries(directory, account, installed)
  const second = await findBinaries(directory, account, installed)
  expect(second).toEqual(first)
  expect(first.postgres).toBe(join(directory, `binaries-${first.version}`, 'bin/postgres'))
  expect((await run(first.postgres, ['--version'], { ...account, cwd: '/' })).stdout).toContain('PostgreSQL) 18')
  expect((await readdir(directory)).filter((name) => name.includes('.new-'))).toEqual([])
})

test.runIf(isRoot)("makes a copy when the install lies where the server's account may not go", async () => {
  const installed = await copyOfPackage()
  await chmod(installed, 0o700)
  const { initdb } = await findBinaries(directory, account, installed)
  expect(initdb.startsWith(join(directory, 'binaries-'))).toBe(true)
  expect((await run(initdb, ['--version'], { ...account, cwd: '/' })).stdout).toContain('initdb')
})

async function copyOfPackage(): Promise<string> {
  const copy = join(directory, 'package')
  await cp(locatePackage(), copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

async function removeLinks(lib: string): Promise<void> {
  const links = (await readdir(lib, { withFileTypes: true })).filter((entry) => entry.isSymbolicLink())
  expect(links.length).toBeGreaterThan(0)
  await Promise.all(links.map(({ name }) => rm(join(lib, name))))
}
