import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRoot } from './account.ts'
import { type Ground, leftByEarlierHomes, settleGround } from './ground.ts'

let directory: string
let home: string
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ground-')))
  // As /var/lib is: open to the server's account, while root's own directory is not.
  await chmod(directory, 0o711)
  home = join(directory, 'closed/home')
})
afterEach(() => rm(directory, { recursive: true }))

async function settle(): Promise<Ground> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  return settleGround({ home, systemDirectory: join(directory, 'system'), runtimeDirectory: directory })
}

test('a home has one ground for all its life', async () => {
  const first = await settle()
  expect(await settle()).toEqual(first)
  expect(await leftByEarlierHomes(first)).toEqual([])
})

test('a home that was removed and made again finds nothing of the one before, and knows where that lies', async () => {
  const first = await settle()
  await rm(home, { recursive: true })
  const second = await settle()
  expect(second.initialised).toBe(false)
  expect(second.root === first.root).toBe(!isRoot())
  expect(await leftByEarlierHomes(second)).toEqual(isRoot() ? [first.root] : [])
})
