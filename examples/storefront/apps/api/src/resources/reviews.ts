import { Attempts, NewReview, ProductSlug, Review, ReviewList } from '@storefront/contract'
import type { PoolClient } from '@storefront/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'
import { answerOnce, IdempotencyKey } from '../idempotency.ts'
import { ApiProblem } from '../problems.ts'

const SCOPE = 'reviews'

export const reviews: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  const { pool } = deps

  app.get(
    '/products/:slug/reviews',
    { schema: { params: z.object({ slug: ProductSlug }), response: { 200: ReviewList } } },
    async (request) => {
      const { rows } = await pool.query<Omit<Review, 'writtenAt'> & { written_at: Date }>(
        `SELECT reviews.id, slug AS "productSlug", author, rating, body, written_at
         FROM reviews JOIN products ON products.id = reviews.product_id
         WHERE slug = $1 ORDER BY written_at DESC LIMIT 20`,
        [request.params.slug],
      )
      return {
        reviews: rows.map(({ written_at, ...review }) => ({
          ...review,
          writtenAt: written_at.toISOString(),
        })),
      }
    },
  )

  app.post(
    '/reviews',
    { schema: { body: NewReview, response: { 201: Review } } },
    async (request, reply) =>
      answerOnce(request, reply, {
        pool,
        scope: SCOPE,
        write: async (client) => ({
          status: 201,
          body: await insertReview(client, request.body),
        }),
      }),
  )

  app.get(
    '/reviews/attempts/:key',
    { schema: { params: z.object({ key: IdempotencyKey }), response: { 200: Attempts } } },
    async (request) => {
      const { rows } = await pool.query<{ attempts: number }>(
        'SELECT attempts FROM idempotent_writes WHERE scope = $1 AND key = $2',
        [SCOPE, request.params.key],
      )
      return { attempts: rows[0]?.attempts ?? 0 }
    },
  )
}

async function insertReview(client: PoolClient, review: NewReview): Promise<Review> {
  const { rows } = await client.query<{ id: string; written_at: Date }>(
    `INSERT INTO reviews (product_id, author, rating, body)
     SELECT id, $2, $3, $4 FROM products WHERE slug = $1
     RETURNING id, written_at`,
    [review.productSlug, review.author, review.rating, review.body],
  )
  const [row] = rows
  if (row === undefined) throw new ApiProblem(404, 'There is no such product')
  return { ...review, id: row.id, writtenAt: row.written_at.toISOString() }
}
