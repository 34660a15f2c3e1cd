import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { traceInstalled } from './trace-program.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'plimsoll-trace-'))
})
afterEach(() => rm(root, { recursive: true }))

it('answers services that ask the same at the same time', async () => {
  await mkdir(path.join(root, 'node_modules/one'), { recursive: true })
  await writeFile(path.join(root, 'node_modules/one/index.js'), 'module.exports = 1')
  await writeFile(path.join(root, 'server.js'), "require('one')")
  const memory = path.join(root, 'memory')
  const question = { root, memory, tree: { files: new Map(), async *read() {} } }
  const answers = await Promise.all([1, 2, 3, 4].map(() => traceInstalled(question, ['server.js'], ['node_modules/one/index.js'])))
  expect(answers).toEqual([1, 2, 3, 4].map(() => ['node_modules/one/index.js']))
  expect(await readdir(memory)).toHaveLength(1)
})
