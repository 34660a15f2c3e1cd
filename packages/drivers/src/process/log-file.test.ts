import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lastLines, LogReader, rotate } from './log-file.ts'

const rotation = { bytes: 10, keep: 3 }
let directory: string
let log: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-log-'))
  log = join(directory, '0.log')
})
afterEach(() => rm(directory, { recursive: true }))

describe('rotation', () => {
  it('leaves a small log alone', async () => {
    await writeFile(log, 'small\n')
    expect(await rotate(log, rotation)).toBe(false)
  })

  it('empties the file that writers hold open, and keeps three older ones', async () => {
    for (const generation of [1, 2, 3, 4, 5]) {
      await appendFile(log, `generation ${generation}\n`)
      expect(await rotate(log, rotation)).toBe(true)
    }
    expect(await readFile(log, 'utf8')).toBe('')
    expect(await readFile(`${log}.1`, 'utf8')).toBe('generation 5\n')
    expect(await readFile(`${log}.3`, 'utf8')).toBe('generation 3\n')
    await expect(readFile(`${log}.4`)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a reader', () => {
  it('misses nothing and repeats nothing when the log is rotated between two looks', async () => {
    await writeFile(log, 'seen before\n')
    const reader = await LogReader.open(log, 'end')
    await appendFile(log, 'before the rotation\n')
    await rotate(log, rotation)
    await appendFile(log, 'after the rotation, and longer than all that came before it\n')
    expect(await reader.more()).toEqual(['before the rotation', 'after the rotation, and longer than all that came before it'])
    expect(await reader.more()).toEqual([])
  })

  it('joins a line that a rotation cut in two', async () => {
    const reader = await LogReader.open(log, 'beginning')
    await writeFile(log, 'a line in two ')
    expect(await reader.more()).toEqual([])
    await rotate(log, rotation)
    await appendFile(log, 'halves\n')
    expect(await reader.more()).toEqual(['a line in two halves'])
  })

  it('begins anew in a file that somebody else emptied', async () => {
    await writeFile(log, 'something long\n')
    const reader = await LogReader.open(log, 'end')
    await truncate(log, 0)
    await appendFile(log, 'short\n')
    expect([...(await reader.more()), ...(await reader.more())]).toEqual(['short'])
  })

  it('waits for a file that is not there yet', async () => {
    const reader = await LogReader.open(log, 'beginning')
    expect(await reader.more()).toEqual([])
    await writeFile(log, 'now\n')
    expect(await reader.more()).toEqual(['now'])
  })
})

describe('the last lines', () => {
  it('are those at the end, also of a file that is larger than what is read at once', async () => {
    const all = Array.from({ length: 20_000 }, (_, index) => `line ${index} ö`)
    await writeFile(log, `${all.join('\n')}\n`)
    expect(await lastLines(log, 5_000)).toEqual(all.slice(-5_000))
    expect(await lastLines(log, 1)).toEqual(all.slice(-1))
    expect(await lastLines(log, 0)).toEqual([])
  })

  it('reach into older files', async () => {
    await writeFile(`${log}.1`, 'one\ntwo\n')
    await writeFile(log, 'three\nfour, unfinished')
    expect(await lastLines(log, 3)).toEqual(['two', 'three', 'four, unfinished'])
    expect(await lastLines(log, 9)).toEqual(['one', 'two', 'three', 'four, unfinished'])
  })
})
