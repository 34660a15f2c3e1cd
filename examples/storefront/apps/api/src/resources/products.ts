import { Product, ProductFilter, ProductList, ProductSlug } from '@storefront/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'
import { ApiProblem } from '../problems.ts'

const COLUMNS = `id, slug, name, summary, description, category, sizes, stock,
  price_cents AS "priceCents", full_price_cents AS "fullPriceCents"`

export const products: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  app.get(
    '/products',
    { schema: { querystring: ProductFilter, response: { 200: ProductList } } },
    async (request) => {
      const { category, deals } = request.query
      const { rows } = await deps.pool.query<Product>(
        `SELECT ${COLUMNS} FROM products
         WHERE ($1::text IS NULL OR category = $1)
           AND ($2::boolean IS NULL OR (full_price_cents IS NOT NULL) = $2)
         ORDER BY position`,
        [category ?? null, deals ?? null],
      )
      return { products: rows }
    },
  )

  app.get(
    '/products/:slug',
    { schema: { params: z.object({ slug: ProductSlug }), response: { 200: Product } } },
    async (request) => {
      const { rows } = await deps.pool.query<Product>(
        `SELECT ${COLUMNS} FROM products WHERE slug = $1`,
        [request.params.slug],
      )
      const [product] = rows
      if (product === undefined) throw new ApiProblem(404, 'There is no such product')
      return product
    },
  )
}
