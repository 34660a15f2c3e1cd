import { mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { namesIn, writeRecord } from './durable-file.ts'
import { rememberDirectories, rememberRecords } from './remembered-records.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'records-'))
})
afterEach(async () => rm(directory, { recursive: true }))

/** Counts how often a record was taken apart. */
function counting() {
  let parsed = 0
  const read = rememberRecords(z.object({ n: z.number() }).transform((value) => ({ ...value, parsed: (parsed += 1) })))
  return read
}

/** Until its file has been left alone for so long that it can be told from the next one. */
async function settled(file: string): Promise<void> {
  while (Date.now() - (await stat(file)).ctimeMs < 1_100) await setTimeout(50)
}

test('a record that lies there unchanged is taken apart once, and one that has just been written each time', async () => {
  const file = join(directory, 'one.json')
  const read = counting()
  await writeRecord(file, { n: 1 })
  expect([await read(file), await read(file)]).toEqual([{ n: 1, parsed: 1 }, { n: 1, parsed: 2 }])
  await settled(file)
  expect([await read(file), await read(file), await read(file)]).toEqual([{ n: 1, parsed: 3 }, { n: 1, parsed: 3 }, { n: 1, parsed: 3 }])
})

test('a record that was replaced, removed or written again is what it is now, also when its size and its dates are the same', async () => {
  const file = join(directory, 'one.json')
  const read = counting()
  await writeRecord(file, { n: 1 })
  await utimes(file, 1, 1)
  await settled(file)
  await read(file)
  await writeRecord(file, { n: 2 })
  await utimes(file, 1, 1)
  expect(await read(file)).toMatchObject({ n: 2 })
  await rm(file)
  expect(await read(file)).toBeUndefined()
  await writeRecord(file, { n: 3 })
  expect(await read(file)).toMatchObject({ n: 3 })
})

test('a record that cannot be understood is told each time', async () => {
  const file = join(directory, 'one.json')
  await writeRecord(file, { n: 'one' })
  await settled(file)
  const read = counting()
  await expect(read(file)).rejects.toThrow()
  await expect(read(file)).rejects.toThrow()
})

test('a directory is read once for as long as nothing in it is written, replaced or removed, and anew when it is', async () => {
  const [within, file] = [join(directory, 'within'), join(directory, 'within/one.json')]
  let reads = 0
  const read = rememberDirectories(async (path) => ({ names: await namesIn(path), reads: (reads += 1) }))
  expect(await read(within)).toEqual({ names: [], reads: 1 })
  await mkdir(within)
  await writeRecord(file, { n: 1 })
  expect([await read(within), await read(within)]).toEqual([{ names: ['one.json'], reads: 2 }, { names: ['one.json'], reads: 3 }])
  await settled(within)
  expect([await read(within), await read(within)]).toEqual([{ names: ['one.json'], reads: 4 }, { names: ['one.json'], reads: 4 }])
  await writeRecord(file, { n: 2 })
  expect(await read(within)).toMatchObject({ reads: 5 })
  await settled(within)
  await read(within)
  await rm(file)
  expect(await read(within)).toEqual({ names: [], reads: 7 })
  await rm(within, { recursive: true })
  expect(await read(within)).toEqual({ names: [], reads: 8 })
})
