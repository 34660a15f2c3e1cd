import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'
import { ApiProblem } from '../problems.ts'

const Status = z.object({ status: z.literal('ok') })

export const health: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  // Liveness does not ask the database: its trouble is no reason to restart this process.
  app.get('/healthz', { schema: { response: { 200: Status } } }, async () => ({
    status: 'ok' as const,
  }))

  app.get('/readyz', { schema: { response: { 200: Status } } }, async (request) => {
    try {
      await deps.pool.query('SELECT 1')
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      throw new ApiProblem(503, 'The database does not answer')
    }
    return { status: 'ok' as const }
  })
}
