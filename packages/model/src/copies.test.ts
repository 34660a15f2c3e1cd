import { expect, test } from 'vitest'
import { copyName, ownerOfCopies, ownerOfCopy } from './copies.ts'
import { appNameSchema } from './names.ts'

test('all copies of a verification have one owner, and an App of a person has none', () => {
  const owner = ownerOfCopies('3f9a2b7c')
  for (const app of [owner, copyName('3f9a2b7c', 0), copyName('3f9a2b7c', 'live-migrated')]) expect(ownerOfCopy(app)).toBe(owner)
  expect(ownerOfCopy(copyName('3f9a2b7d', 0))).not.toBe(owner)
  for (const name of ['shop', 'plimsoll', 'my-plimsoll-v-1']) expect(ownerOfCopy(appNameSchema.parse(name))).toBeUndefined()
})
