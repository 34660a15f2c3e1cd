import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeDurably } from './durable-file.ts'

test('of several writers at once one is the last, none fails, and nothing else is left', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'durable-'))
  try {
    const file = join(directory, 'deep/record.json')
    const texts = Array.from({ length: 20 }, (_, at) => `${at}`.repeat(1000))
    await Promise.all(texts.map((text) => writeDurably(file, text)))
    expect(texts).toContain(await readFile(file, 'utf8'))
    expect(await readdir(join(directory, 'deep'))).toEqual(['record.json'])
  } finally {
    await rm(directory, { recursive: true })
  }
})
