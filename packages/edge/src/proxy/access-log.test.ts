import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AccessLog, openAccessLog } from './access-log.ts'

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
/** So large that it is not kept until there are more. */
const large = { ...record, agent: 'x'.repeat(33_000) }
const open = (maxBytes = 1_000_000): AccessLog => openAccessLog({ path, maxBytes, log: (line) => told.push(line), now: () => new Date('2026-01-02T03:04:05.678Z') })
const linesOf = async (file: string): Promise<unknown[]> => (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line))

/** The older file first. */
async function linesSoFar(): Promise<unknown[]> {
  const files = await Promise.all([`${path}.1`, path].map((file) => linesOf(file).catch(() => [])))
  return files.flat()
}

async function written(id: string): Promise<void> {
  await expect.poll(linesSoFar, { timeout: 20_000, interval: 20 }).toContainEqual(expect.objectContaining({ id }))
}

test('each request is a line of JSON with its time, readable by nobody else, and all are there after the end', async () => {
  const log = open()
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
    const log = open()
    log.write({ ...record, id })
    await log.close()
  }
  expect(await linesOf(path)).toMatchObject([{ id: '1' }, { id: '2' }])
})

test('a file that is full becomes the older one of two, and no line is lost by it', async () => {
  for (const id of ['1', '2', '3']) {
    const log = open(50)
    log.write({ ...record, id })
    await log.close()
  }
  const log = open(1_000_000)
  log.write({ ...record, id: '4' })
  await log.close()
  expect(await linesOf(`${path}.1`)).toMatchObject([{ id: '3' }])
  expect(await linesOf(path)).toMatchObject([{ id: '4' }])
})

test('of two that write to one file, the one that is told so leaves it to the other to put it aside, and no line is lost or torn', async () => {
  const [elder, successor] = [open(60_000), open(60_000)]
  await elder.turns(false)
  for (const id of ['1', '2', '3']) await Promise.all([elder.write({ ...large, id }), written(id)])
  expect(await linesOf(path)).toHaveLength(3)
  for (const round of ['4', '5', '6', '7']) {
    for (const log of [elder, successor]) log.write({ ...large, id: `${round} ${log === elder}` })
    await Promise.all([written(`${round} true`), written(`${round} false`)])
  }
  await Promise.all([elder.close(), successor.close()])
  expect(await linesOf(`${path}.1`)).not.toContainEqual(expect.objectContaining({ id: '1' }))
  expect(told).toEqual([])
})

test('a file that was moved away by somebody else is followed by a new one', async () => {
  const log = open()
  log.write({ ...large, id: '1' })
  await written('1')
  await rename(path, `${path}.old`)
  log.write({ ...record, id: '2' })
  await log.close()
  expect([await linesOf(`${path}.old`), await linesOf(path)]).toMatchObject([[{ id: '1' }], [{ id: '2' }]])
})

test('a file that cannot be written is told of, and stops nothing', async () => {
  await mkdir(path)
  const log = open()
  log.write(record)
  await log.close()
  expect(told.join()).toContain('cannot be written')
})
