import { STATUS_CODES } from 'node:http'
import type { Problem } from '@storefront/contract'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** A failure the caller can do something about; everything else is answered with 500. */
export class ApiProblem extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

export function answerProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    send(reply, 404, `There is nothing at ${request.method} ${request.url.split('?')[0]}`),
  )
  app.setErrorHandler<FastifyError | ApiProblem>((error, request, reply) => {
    if (error instanceof ApiProblem) return send(reply, error.status, error.message)
    if (hasZodFastifySchemaValidationErrors(error)) {
      const faults = error.validation.map((fault) =>
        [fault.instancePath.slice(1).replaceAll('/', '.'), fault.message].filter(Boolean).join(': '),
      )
      return send(reply, 400, faults.join('; '))
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return send(reply, error.statusCode, error.message)
    }
    request.log.error({ err: error }, 'request failed')
    return send(reply, 500, undefined)
  })
}

function send(reply: FastifyReply, status: number, detail: string | undefined): FastifyReply {
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Unknown',
    status,
    ...(detail !== undefined && { detail }),
  }
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problem)
}
