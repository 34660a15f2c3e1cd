import { Session, SignedIn, SignIn } from '@storefront/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'
import { passwordMatches } from '../passwords.ts'
import { ApiProblem } from '../problems.ts'
import { hashToken, newToken, SESSION_COOKIE, sessionToken, signedIn } from '../recognise-customer.ts'

const SESSION_DAYS = 14

interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password_hash: string
}

/** Checked for unknown addresses, so that the answer takes as long as for known ones. */
const NOBODYS_HASH = `scrypt:16384:8:1:bm9ib2R5:${Buffer.alloc(64).toString('base64')}`

export const session: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  const { pool, config } = deps

  app.post(
    '/session',
    { schema: { body: SignIn, response: { 201: Session } } },
    async (request, reply) => {
      const { rows } = await pool.query<Account>(
        'SELECT id, name, email, password_hash FROM customers WHERE email = lower($1)',
        [request.body.email],
      )
      const [account] = rows
      const matches = await passwordMatches(
        request.body.password,
        account?.password_hash ?? NOBODYS_HASH,
      )
      if (account === undefined || !matches) {
        throw new ApiProblem(401, 'That address and password do not belong together')
      }
      const token = newToken()
      const expiresAt = new Date(Date.now() + SESSION_DAYS * 24 * 60 * 60 * 1000)
      await pool.query(
        'INSERT INTO sessions (token_hash, customer_id, expires_at) VALUES ($1, $2, $3)',
        [hashToken(token, config.sessionSecret), account.id, expiresAt],
      )
      reply.setCookie(SESSION_COOKIE, token, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: request.protocol === 'https',
        expires: expiresAt,
      })
      const { id, name, email } = account
      return reply
        .code(201)
        .send({ customer: { id, name, email }, token, expiresAt: expiresAt.toISOString() })
    },
  )

  app.get(
    '/session',
    { schema: { security: signedIn, response: { 200: SignedIn } } },
    async (request) => ({ customer: await app.customerOf(request) }),
  )

  app.delete('/session', { schema: { response: { 204: z.null() } } }, async (request, reply) => {
    const token = sessionToken(request)
    if (token !== undefined) {
      await pool.query('DELETE FROM sessions WHERE token_hash = $1', [
        hashToken(token, config.sessionSecret),
      ])
    }
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null)
  })
}
