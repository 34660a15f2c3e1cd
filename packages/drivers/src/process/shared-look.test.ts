import { expect, test } from 'vitest'
import { sharedLook } from './shared-look.ts'

/** Looks that end when they are told to, and give their number. */
function looks() {
  const ends: ((failure?: Error) => void)[] = []
  const look = sharedLook(() => new Promise<number>((resolve, reject) => {
    const number = ends.length + 1
    ends.push((failure) => (failure === undefined ? resolve(number) : reject(failure)))
  }))
  return { look, ends, begun: async (count: number) => { while (ends.length < count) await Promise.resolve() } }
}

test('all who ask at the same time share one look', async () => {
  const { look, ends, begun } = looks()
  const asked = Array.from({ length: 50 }, () => look())
  await begun(1)
  ends[0]?.()
  expect(new Set(await Promise.all(asked))).toEqual(new Set([1]))
  expect(ends).toHaveLength(1)
})

test('whoever asks while a look goes on is given the next one, and never what was seen before they asked', async () => {
  const { look, ends, begun } = looks()
  const first = look()
  await begun(1)
  const later = [look(), look(), look()]
  ends[0]?.()
  expect(await first).toBe(1)
  await begun(2)
  ends[1]?.()
  expect(await Promise.all(later)).toEqual([2, 2, 2])
})

test('a look that fails fails for those who asked for it, and for nobody after them', async () => {
  const { look, ends, begun } = looks()
  const first = look()
  await begun(1)
  const later = look()
  ends[0]?.(new Error('no /proc'))
  await expect(first).rejects.toThrow('no /proc')
  await begun(2)
  ends[1]?.()
  expect(await later).toBe(2)
})
