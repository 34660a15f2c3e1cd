import { errorCodes, isPlimsollError, PlimsollError, toProblem, type Problem } from '@plimsoll/model'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Sends whatever a handler throws as `application/problem+json`, and logs what is a bug of ours. */
export function sendProblems(api: FastifyInstance): void {
  api.setErrorHandler(async (error, request, reply) => replyWith(error, request, reply))
  api.setNotFoundHandler(async (request, reply) => {
    const problem = toProblem(new PlimsollError('NOT_FOUND', `There is nothing at ${request.method} ${request.url}`))
    return reply.code(404).type('application/problem+json').send(problem)
  })
}

/** For `frameworkErrors`: also what cannot be an address of this API is refused in the form that all refusals have. */
export function replyWith(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(isPlimsollError(error) ? error : asUsage(error))
  const { status } = errorCodes[problem.code]
  const { retryAfterS } = problem.details ?? {}
  if (typeof retryAfterS === 'number') void reply.header('retry-after', String(retryAfterS))
  if (status === 500) request.log.error({ err: error }, 'a request failed')
  return reply.code(status).type('application/problem+json').send(request.known?.who.kind === 'owner' ? problem : withoutStack(problem))
}

/** How our code lies on the disk is for the log, and for whoever may read that. */
function withoutStack({ details, ...problem }: Problem): Problem {
  const { stack: _, ...others } = details ?? {}
  return { ...problem, ...(Object.keys(others).length > 0 && { details: others }) }
}

/** What Fastify refuses by itself (a body that is no JSON, one that is too large) is the caller's mistake, not a bug. */
function asUsage(error: unknown): unknown {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 500 && error instanceof Error ? new PlimsollError('USAGE', error.message) : error
}
