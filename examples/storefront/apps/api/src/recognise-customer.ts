import { createHmac, randomBytes } from 'node:crypto'
import type { Customer } from '@storefront/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiDeps } from './build-api.ts'
import { ApiProblem } from './problems.ts'

export const SESSION_COOKIE = 'halyard_session'

/** How a session is shown, for the OpenAPI document: either will do. */
export const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
  bearer: { type: 'http', scheme: 'bearer' },
} as const

/** The `security` of a route that is for customers who have signed in. */
export const signedIn = [{ session: [] }, { bearer: [] }]

declare module 'fastify' {
  interface FastifyInstance {
    /** Whoever the request's session belongs to; throws a 401 problem when nobody. */
    customerOf(request: FastifyRequest): Promise<Customer>
  }
}

export function recogniseCustomer(app: FastifyInstance, { pool, config }: ApiDeps): void {
  app.decorate('customerOf', async (request) => {
    const token = sessionToken(request)
    if (token === undefined) throw new ApiProblem(401, 'Please sign in')
    const { rows } = await pool.query<Customer>(
      `SELECT customers.id, customers.name, customers.email
       FROM sessions JOIN customers ON customers.id = sessions.customer_id
       WHERE token_hash = $1 AND expires_at > now()`,
      [hashToken(token, config.sessionSecret)],
    )
    const [customer] = rows
    if (customer === undefined) throw new ApiProblem(401, 'The session has ended, please sign in')
    return customer
  })
}

export function sessionToken(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')
  return bearer?.[1] ?? request.cookies[SESSION_COOKIE]
}

export const newToken = (): string => randomBytes(32).toString('base64url')

export const hashToken = (token: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(token).digest()
