import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import type { Pool } from '@storefront/db'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Config } from './config.ts'
import { limitRate } from './limit-rate.ts'
import { answerProblems } from './problems.ts'
import { carts } from './resources/carts.ts'
import { documentation } from './resources/documentation.ts'
import { health } from './resources/health.ts'
import { orders } from './resources/orders.ts'
import { presence } from './resources/presence.ts'
import { products } from './resources/products.ts'
import { reports } from './resources/reports.ts'
import { reviews } from './resources/reviews.ts'
import { session } from './resources/session.ts'
import { stock } from './resources/stock.ts'
import { uploads } from './resources/uploads.ts'
import { closePeers } from './resources/presence-rooms.ts'
import { recogniseCustomer, securitySchemes } from './recognise-customer.ts'
import type { StockFeed } from './stock-feed.ts'

export interface ApiDeps {
  readonly config: Config
  readonly pool: Pool
  readonly stockFeed: StockFeed
}

/** What every resource is registered with. */
export interface ResourceOptions {
  readonly deps: ApiDeps
}

export type Api = FastifyInstance

/** Puts the API together without listening; tests call it with `inject`. */
export async function buildApi(deps: ApiDeps): Promise<Api> {
  const { config } = deps
  const app = Fastify({
    logger: { level: config.logLevel, base: { servedBy: config.instanceId } },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (_address, hop) => hop < config.trustProxyHops,
    // A request that is already on the wire when closing begins is answered, not refused.
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-served-by', config.instanceId)
  })
  answerProblems(app)
  await app.register(helmet, { crossOriginResourcePolicy: { policy: 'cross-origin' } })
  await app.register(cors, {
    origin: config.webOrigin ?? false,
    credentials: true,
    exposedHeaders: ['x-served-by', 'idempotency-replayed'],
  })
  await app.register(cookie)
  await limitRate(app, config)
  await app.register(swagger, {
    openapi: {
      info: { title: 'Halyard storefront', version: '1' },
      components: { securitySchemes },
    },
    transform: jsonSchemaTransform,
  })
  await app.register(websocket, { options: { maxPayload: 64 * 1024 }, preClose: closePeers })
  recogniseCustomer(app, deps)

  await app.register(health, { deps })
  await app.register(documentation)
  const resources = [products, carts, orders, session, stock, presence, uploads, reports, reviews]
  for (const resource of resources) {
    await app.register(resource, { prefix: '/v1', deps })
  }
  return app
}
