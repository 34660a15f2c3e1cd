import { contract } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, params, startShopOnRender, type ShopOnRender } from './shop-on-render.ts'

const server = withTestServer({ beforeAll, afterAll })
let shop: ShopOnRender

beforeEach(async () => {
  shop = await startShopOnRender(await server.openStore())
})
afterEach(() => shop.close())

/** `SERVICE INSTANCE: TEXT` of the lines; `heard` is told each, and has enough when it says so. */
async function logs(query: object, heard: (line: string) => boolean = () => false): Promise<string[]> {
  const lines: string[] = []
  for await (const { data } of shop.api.client.stream(contract.logs, { params, query: query as never })) {
    lines.push(`${data.service} ${data.instance}: ${data.text}`)
    if (heard(data.text)) break
  }
  return lines
}

test('what services print is read where it is kept, with service and instance, and without secrets', async () => {
  await shop.commit('red')
  await shop.release()
  await shop.api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': 'sk_live_hush' } } })
  shop.render.print('web', 'charges with sk_live_hush')
  shop.render.print('api', 'hello')
  const [web, api] = ['web', 'api'].map((name) => `${name} ${shop.render.service(name).id}-aaaa0`)
  const lines = await logs({ tail: 2 })
  expect(lines).toEqual([expect.stringContaining(`${web}: charges with `), `${api}: hello`])
  expect(lines.join()).not.toContain('hush')
  expect(await logs({ service: 'api', tail: 1 })).toEqual([`${api}: hello`])
})

test('what is printed from now on is followed', async () => {
  await shop.commit('red')
  await shop.release()
  shop.render.print('web', 'before')
  const lines = await logs({ tail: 1, follow: true }, (text) => {
    if (text === 'before') shop.render.print('api', 'news')
    return text === 'news'
  })
  expect(lines.map((line) => line.split(': ')[1])).toEqual(['before', 'news'])
})

test('a service that is not there, and what an earlier release alone has printed, is refused', async () => {
  await shop.commit('red')
  await shop.release()
  expect(await codeOf(logs({ service: 'nobody' }))).toBe('NOT_FOUND')
  expect(await codeOf(logs({ release: 7 }))).toBe('PLACE_CANNOT')
  expect(await codeOf(logs({ release: 1, tail: 0 }))).toBe('no error')
})
