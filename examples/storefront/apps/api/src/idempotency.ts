import { withTransaction, type Pool, type PoolClient } from '@storefront/db'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ApiProblem } from './problems.ts'

export const IdempotencyKey = z.string().regex(/^[\w.:-]{1,128}$/)

export interface Answer<T> {
  readonly status: number
  readonly body: T
}

export interface IdempotentWrite<T> {
  readonly pool: Pool
  /** Keys of different scopes never meet: the route, and whose key it is. */
  readonly scope: string
  readonly write: (client: PoolClient) => Promise<Answer<T>>
}

interface Claim {
  readonly attempts: number
  readonly status: number | null
  readonly body: unknown
}

/**
 * Runs the write once for each `Idempotency-Key`. A repeat is counted and gets the first answer;
 * a repeat that comes while the first is still running waits for it. Without a key it just writes.
 */
export async function answerOnce<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { pool, scope, write }: IdempotentWrite<T>,
): Promise<FastifyReply> {
  const key = idempotencyKey(request)
  const answer = await withTransaction(pool, async (client) => {
    if (key === undefined) return write(client)
    const claim = await claimKey(client, scope, key)
    if (claim.status !== null) {
      reply.header('idempotency-replayed', 'true')
      return { status: claim.status, body: claim.body as T }
    }
    const first = await write(client)
    await client.query(
      'UPDATE idempotent_writes SET status = $3, body = $4 WHERE scope = $1 AND key = $2',
      [scope, key, first.status, JSON.stringify(first.body)],
    )
    return first
  })
  return reply.code(answer.status).send(answer.body)
}

/** The insert holds the row until the write commits, so a concurrent repeat waits right here. */
async function claimKey(client: PoolClient, scope: string, key: string): Promise<Claim> {
  const { rows } = await client.query<Claim>(
    `INSERT INTO idempotent_writes (scope, key) VALUES ($1, $2)
     ON CONFLICT (scope, key) DO UPDATE SET attempts = idempotent_writes.attempts + 1
     RETURNING attempts, status, body`,
    [scope, key],
  )
  const [claim] = rows
  if (claim === undefined) throw new Error('an upsert returned no row')
  return claim
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  const read = IdempotencyKey.safeParse(key)
  if (!read.success) {
    throw new ApiProblem(400, 'Idempotency-Key must be 1 to 128 letters, digits, or one of . _ : -')
  }
  return read.data
}
