import type { FastifyPluginAsync } from 'fastify'

export const documentation: FastifyPluginAsync = async (app) => {
  app.get('/documentation/json', { schema: { hide: true } }, async () => app.swagger())
}
