import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAccessLog } from './access-log.ts'

let directory: string
let path: string
let told: string[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-access-'))
  path = join(directory, 'access.log')
  told = []
})
afterEach(async () => rm(directory, { recursive: true, force: true }))

const record = { client: '9.9.9.9', status: 200, ms: 1.5, bytes: 10, whole: true }
const open = async (maxBytes = 1_000_000) => openAccessLog({ path, maxBytes, log: (line) => told.push(line), now: () => new Date('2026-01-02T03:04:05.678Z') })
const linesOf = async (file: string): Promise<unknown[]> => (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line))

test('each request is a line of JSON with its time, readable by nobody else, and all are there after the end', async () => {
  const log = await open()
  log.write({ ...record, path: '/a"b\n' })
  log.write({ ...record, id: '"},{"a":"' })
  await log.close()
  expect(await linesOf(path)).toEqual([
    { time: '2026-01-02T03:04:05.678Z', ...record, path: '/a"b\n' },
    { time: '2026-01-02T03:04:05.678Z', ...record, id: '"},{"a":"' },
  ])
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('goes on behind what an earlier edge wrote', async () => {
  for (const id of ['1', '2']) {
    const log = await open()
    log.write({ ...record, id })
    await log.close()
  }
  expect(await linesOf(path)).toMatchObject([{ id: '1' }, { id: '2' }])
})

test('a file that is full becomes the older one of two, and no line is lost by it', async () => {
  for (const id of ['1', '2', '3']) {
    const log = await open(50)
    log.write({ ...record, id })
    await log.close()
  }
  const log = await open(1_000_000)
  log.write({ ...record, id: '4' })
  await log.close()
  expect(await linesOf(`${path}.1`)).toMatchObject([{ id: '3' }])
  expect(await linesOf(path)).toMatchObject([{ id: '4' }])
})

test('a file that cannot be written is told of, and stops nothing', async () => {
  await mkdir(path)
  const log = await open()
  log.write(record)
  await log.close()
  expect(told.join()).toContain('cannot be written')
})
