import { expect, test } from 'vitest'
import { nextLook } from './next-look.ts'

function looks() {
  const begun: PromiseWithResolvers<number>[] = []
  const ask = nextLook(() => {
    const look = Promise.withResolvers<number>()
    begun.push(look)
    return look.promise
  })
  return { begun, ask }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('who asks while a look is under way gets the answer of one that begins later, and shares it', async () => {
  const { begun, ask } = looks()
  const first = ask()
  const [second, third] = [ask(), ask()]
  await settled()
  expect(begun).toHaveLength(1)
  begun[0]?.resolve(1)
  expect(await first).toBe(1)
  await settled()
  expect(begun).toHaveLength(2)
  const fourth = ask()
  begun[1]?.resolve(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  await settled()
  begun[2]?.resolve(3)
  expect(await fourth).toBe(3)
  expect(begun).toHaveLength(3)
})

test('a look that fails fails for those who share it, and for nobody after', async () => {
  const { begun, ask } = looks()
  const first = ask()
  const second = ask()
  begun[0]?.reject(new Error('no table'))
  await expect(first).rejects.toThrow('no table')
  await settled()
  begun[1]?.resolve(2)
  expect(await second).toBe(2)
  const third = ask()
  begun[2]?.resolve(3)
  expect(await third).toBe(3)
})
