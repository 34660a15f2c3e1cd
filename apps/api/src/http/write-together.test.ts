import { EventEmitter, once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { writeTogether } from './write-together.ts'

/** A reader that keeps up until it is told not to. */
class Reader extends EventEmitter {
  readonly got: string[] = []
  writableNeedDrain = false
  keepsUp = true

  write(text: string): boolean {
    this.got.push(text)
    this.writableNeedDrain = !this.keepsUp
    return this.keepsUp
  }
}
const never = new AbortController().signal
const begin = (signal = never): { reader: Reader; together: ReturnType<typeof writeTogether> } => {
  const reader = new Reader()
  return { reader, together: writeTogether(reader, signal) }
}

test('what comes in one turn is written as one piece, in order, and a turn without anything as none', async () => {
  const { reader, together } = begin()
  for (const text of ['a', 'b', 'c']) expect(together.write(text)).toBeUndefined()
  expect(reader.got).toEqual([])
  await turn()
  together.write('d')
  await turn()
  await turn()
  expect(reader.got).toEqual(['abc', 'd'])
})

test('much is written at once, and what waits at the end is written once', async () => {
  const { reader, together } = begin()
  const much = 'x'.repeat(20_000)
  together.write(much)
  expect(reader.got).toEqual([much])
  together.write('rest')
  together.flush()
  together.flush()
  await turn()
  expect(reader.got).toEqual([much, 'rest'])
})

test('who does not keep up is waited for, until it has caught up or is gone', async () => {
  const gone = new AbortController()
  const { reader, together } = begin(gone.signal)
  reader.keepsUp = false
  together.write('a')
  together.flush()
  const behind = together.write('b')
  let isOver = false
  void behind?.then(() => { isOver = true })
  await turn()
  expect(isOver).toBe(false)
  reader.writableNeedDrain = false
  reader.emit('drain')
  await behind
  expect(isOver).toBe(true)

  reader.writableNeedDrain = true
  const another = together.write('c')
  const aborted = once(gone.signal, 'abort')
  gone.abort()
  await aborted
  await another
  expect(reader.listenerCount('drain')).toBe(0)
})
