import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'

const ReportQuery = z.object({ seconds: z.coerce.number().min(0).max(10).default(0) })

const SalesReport = z.object({
  orders: z.int(),
  revenueCents: z.int(),
  seconds: z.number(),
})

const CSV_ROWS = 200

/** Reports take their time on purpose: they stand for the slow requests that every shop has. */
export const reports: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  app.get(
    '/reports/sales',
    { schema: { querystring: ReportQuery, response: { 200: SalesReport } } },
    async (request) => {
      const { seconds } = request.query
      await sleep(seconds * 1000)
      const { rows } = await deps.pool.query<{ orders: number; revenueCents: number }>(
        `SELECT count(*)::int AS orders, coalesce(sum(total_cents), 0)::float8 AS "revenueCents"
         FROM orders`,
      )
      const [totals] = rows
      return { orders: 0, revenueCents: 0, ...totals, seconds }
    },
  )

  app.get(
    '/reports/sales.csv',
    { schema: { querystring: ReportQuery } },
    async (request, reply) => {
      const { rows } = await deps.pool.query<{ slug: string; stock: number; price: number }>(
        'SELECT slug, stock, price_cents AS price FROM products ORDER BY position',
      )
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .send(Readable.from(csvLines(rows, request.query.seconds)))
    },
  )
}

async function* csvLines(
  products: readonly { slug: string; stock: number; price: number }[],
  seconds: number,
): AsyncGenerator<string> {
  yield 'row,product,stock,price_cents\n'
  const pauseMs = (seconds * 1000) / CSV_ROWS
  for (let row = 1; row <= CSV_ROWS; row += 1) {
    const product = products[row % products.length]
    yield `${row},${product?.slug ?? ''},${product?.stock ?? 0},${product?.price ?? 0}\n`
    if (pauseMs > 0) await sleep(pauseMs)
  }
  // The status line has long been sent when a stream is cut: only this line proves it whole.
  yield `# end ${CSV_ROWS}\n`
}
