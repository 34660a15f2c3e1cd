import { expect, test } from 'vitest'
import type { RenderOwner } from '../api/owners.ts'
import { chooseOwner } from './choose-owner.ts'

const acme: RenderOwner = { id: 'tea-1', name: 'Acme', type: 'team' }
const ada: RenderOwner = { id: 'usr-1', name: 'Ada', type: 'user' }
const choose = (owners: readonly RenderOwner[], wanted?: string) => chooseOwner({ owners: { list: async () => owners } }, wanted, new AbortController().signal)

test('the only workspace is meant unless one is named, by id or by name', async () => {
  expect(await choose([acme])).toEqual(acme)
  expect(await choose([acme, ada], 'Ada')).toEqual(ada)
  expect(await choose([acme, ada], 'tea-1')).toEqual(acme)
})

test('of several none is guessed, and one that the key does not reach is told with those that it does', async () => {
  await expect(choose([acme, ada])).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('Acme (tea-1), Ada (usr-1)'), hint: expect.stringContaining('RENDER_WORKSPACE') })
  await expect(choose([acme], 'Other')).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'It reaches: Acme (tea-1)' })
})
