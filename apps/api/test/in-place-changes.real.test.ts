import { contract, type ReleaseChanges } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { params, startShopOnRender, type ShopOnRender } from './shop-on-render.ts'

const server = withTestServer({ beforeAll, afterAll })
let shop: ShopOnRender

beforeEach(async () => {
  shop = await startShopOnRender(await server.openStore())
})
afterEach(() => shop.close())

async function changesOf(release: number, against?: number): Promise<ReleaseChanges> {
  return shop.api.client.call(contract.showChanges, { params: { ...params, release }, query: against === undefined ? {} : { against } })
}

test('what a release on a platform changes is known by its commits and the names of variables, and never by their values', async () => {
  await shop.commit('red')
  await shop.release()
  const second = await shop.commit('blue')
  await shop.api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': 'sk_live_hush' } } })
  await shop.release()
  const changes = await changesOf(2)
  expect(changes).toMatchObject({
    against: 1, commits: { is: 'known', added: { commits: [{ id: second, subject: 'blue' }], more: 0 }, dropped: { commits: [] } },
    environment: { is: 'known', variables: [{ service: 'web', key: 'COLOUR', is: 'changed' }, { service: 'web', key: 'STRIPE_KEY', is: 'added' }] },
    artifacts: { is: 'not known', why: expect.stringContaining('built by the place') }, schema: { is: 'known' },
  })
  expect(JSON.stringify(changes)).not.toMatch(/sk_live_hush|"blue"}/)
})

test('of the first release nothing was live before, and of a rollback it is known what goes back', async () => {
  const first = await shop.commit('red')
  await shop.release()
  expect(await changesOf(1)).toMatchObject({ against: null, commits: { is: 'not known', why: 'Nothing was live before it' } })
  const second = await shop.commit('blue')
  await shop.release()
  await shop.goBack()
  expect(await changesOf(3)).toMatchObject({ release: 1, against: 2, commits: { is: 'known', added: { commits: [] }, dropped: { commits: [{ id: second }] } }, environment: { is: 'known', variables: [{ key: 'COLOUR', is: 'changed' }] } })
  await shop.commit('green')
  await shop.release()
  expect(await changesOf(4)).toMatchObject({ against: 1, commits: { is: 'known', added: { commits: [{ subject: 'green' }, { id: second }] } } })
  expect(first).not.toBe(second)
})
