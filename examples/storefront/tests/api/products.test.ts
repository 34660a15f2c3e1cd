import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ask, type Product } from '../shop.ts'

const list = async (query = ''): Promise<readonly Product[]> =>
  (await ask<{ products: Product[] }>(`/v1/products${query}`)).body.products

suite('products', () => {
  test('the whole catalogue comes in the order of the shelf', async () => {
    const products = await list()
    assert.equal(products.length, 12)
    assert.deepEqual([products[0]?.slug, products.at(-1)?.slug], ['storm-lantern', 'watch-cap'])
  })

  test('a category holds its own and nothing else', async () => {
    for (const category of ['galley', 'cabin', 'deck', 'wear']) {
      const products = await list(`?category=${category}`)
      assert.equal(products.length, 3, category)
      assert.ok(products.every((product) => product.category === category), category)
    }
  })

  test('deals are what costs less than it did', async () => {
    const deals = await list('?deals=true')
    assert.ok(deals.length > 0)
    assert.ok(deals.every(({ priceCents, fullPriceCents }) => fullPriceCents !== null && fullPriceCents > priceCents))
    assert.equal(deals.length + (await list('?deals=false')).length, 12)
  })

  test('one product is known by its slug, sizes included', async () => {
    const { status, body } = await ask<Product>('/v1/products/oilskin-jacket')
    assert.equal(status, 200)
    assert.deepEqual([body.name, body.priceCents, body.sizes], ['Oilskin Jacket', 24_000, ['S', 'M', 'L', 'XL']])
  })
})
