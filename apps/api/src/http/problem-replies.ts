import { errorCodes, isPlimsollError, PlimsollError, toProblem } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'

/** Sends whatever a handler throws as `application/problem+json`, and logs what is a bug of ours. */
export function sendProblems(api: FastifyInstance): void {
  api.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(isPlimsollError(error) ? error : asUsage(error))
    const { status } = errorCodes[problem.code]
    const { retryAfterS } = problem.details ?? {}
    if (typeof retryAfterS === 'number') void reply.header('retry-after', String(retryAfterS))
    if (status === 500) request.log.error({ err: error }, 'a request failed')
    return reply.code(status).type('application/problem+json').send(problem)
  })
  api.setNotFoundHandler(async (request, reply) => {
    const problem = toProblem(new PlimsollError('NOT_FOUND', `There is nothing at ${request.method} ${request.url}`))
    return reply.code(404).type('application/problem+json').send(problem)
  })
}

/** What Fastify refuses by itself (a body that is no JSON, one that is too large) is the caller's mistake, not a bug. */
function asUsage(error: unknown): unknown {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 500 && error instanceof Error ? new PlimsollError('USAGE', error.message) : error
}
