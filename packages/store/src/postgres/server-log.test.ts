import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lastLines, pruneLog, startupLog } from './server-log.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-log-'))
})
afterEach(() => rm(directory, { recursive: true }))

const write = (name: string, text: string) => writeFile(join(directory, name), text)

test('keeps the four newest files of the log and whatever else is there', async () => {
  for (const hour of ['01', '02', '03', '04', '05', '06']) await write(`postgresql-20261122T${hour}0000.log`, '')
  await write('startup.log', '')
  await pruneLog(directory)
  expect((await readdir(directory)).toSorted()).toEqual(['03', '04', '05', '06'].map((hour) => `postgresql-20261122T${hour}0000.log`).concat('startup.log'))
})

test('tells the last lines, those of the start before those of the newest log', async () => {
  await writeFile(startupLog(directory), 'first\n')
  await write('postgresql-20261122T010000.log', 'old\n')
  await write('postgresql-20261122T020000.log', 'second\nthird\n')
  expect(await lastLines(directory, 2)).toEqual(['second', 'third'])
  expect(await lastLines(directory, 9)).toEqual(['first', 'second', 'third'])
})

test('has no lines where nothing was written', async () => {
  expect(await lastLines(directory, 5)).toEqual([])
})
