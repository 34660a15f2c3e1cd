import { contract, isPlimsollError } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
let api: ApiUnderTest
beforeAll(async () => {
  api = await startApiUnderTest(await server.openStore())
  await api.write(blueprintOf('1'))
  const { number } = await api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') break
})
afterAll(() => api.close())

const codeOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'done', (error: unknown) => (isPlimsollError(error) ? error.code : error))
const values = () => api.client.look(contract.listValues, { params })
const set = (value: string, onlyIf: string | undefined) => codeOf(api.client.call(contract.setValues, { params, body: { values: { 'web/KEY': value, 'web/OTHER': value } }, onlyIf }))

test('of two people who looked at the same values one sets them, and the other is told and has changed none', async () => {
  const { version } = await values()
  expect(version).toMatch(/^"[\w-]+"$/)
  expect((await Promise.all([set('one', version), set('two', version)])).toSorted()).toEqual(['CHANGED_MEANWHILE', 'done'])
  const kept = await api.store.keptValues.values('shop' as never)
  expect(kept['web/KEY']).toBe(kept['web/OTHER'])
  expect(await codeOf(api.client.call(contract.unsetValue, { params: { ...params, key: 'web/KEY' }, onlyIf: version }))).toBe('CHANGED_MEANWHILE')
  expect(await set('three', (await values()).version)).toBe('done')
})

test('a value that is set again to the same at the same moment is a change too', async () => {
  await api.store.keptValues.set('shop' as never, 'web/KEY', 'same')
  const { version } = await values()
  await api.store.keptValues.set('shop' as never, 'web/KEY', 'same')
  expect((await values()).version).not.toBe(version)
})

test('without a version, or with any, a change is made; with a weak or an unknown one it is not', async () => {
  const { version = '' } = await values()
  expect([await set('a', undefined), await set('b', '*'), await set('c', `W/${version}`), await set('d', 'nonsense')]).toEqual(['done', 'done', 'CHANGED_MEANWHILE', 'CHANGED_MEANWHILE'])
})

test('of two people who change the maintenance they looked at, one does', async () => {
  const { version } = await api.client.look(contract.showHolds, { params })
  const maintain = (message: string) => codeOf(api.client.call(contract.maintain, { params, body: { on: true, message }, onlyIf: version }))
  expect((await Promise.all([maintain('Back at noon'), maintain('Back at one')])).toSorted()).toEqual(['CHANGED_MEANWHILE', 'done'])
  expect((await api.client.look(contract.showHolds, { params })).version).not.toBe(version)
})
