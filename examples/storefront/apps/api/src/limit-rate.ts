import { timingSafeEqual } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'

/**
 * Limits what one address may ask for. The web app speaks for all of its visitors from one
 * address, so calls that carry its token are let through.
 */
export async function limitRate(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(rateLimit, {
    max: config.rateLimitPerMinute,
    timeWindow: '1 minute',
    allowList: (request) =>
      request.url === '/healthz' ||
      request.url === '/readyz' ||
      isInternal(request.headers['x-internal-token'], config.internalToken),
  })
}

function isInternal(sent: string | string[] | undefined, expected: string | undefined): boolean {
  if (typeof sent !== 'string' || expected === undefined) return false
  const left = Buffer.from(sent)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}
