import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'
import { ApiProblem } from '../problems.ts'

const MAX_BYTES = 20 * 1024 * 1024

const Receipt = z.object({ bytes: z.int(), sha256: z.string() })

/** Takes a file for a product review and tells what arrived; nothing is kept. */
export const uploads: FastifyPluginAsyncZod<ResourceOptions> = async (app) => {
  // Handed on as a stream: twenty megabytes per upload would otherwise sit in memory.
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) =>
    done(null, payload),
  )

  app.post(
    '/uploads',
    { bodyLimit: MAX_BYTES, schema: { response: { 201: Receipt } } },
    async (request, reply) => {
      if (!(request.body instanceof Readable)) {
        throw new ApiProblem(415, 'Send the file itself, as application/octet-stream')
      }
      const hash = createHash('sha256')
      let bytes = 0
      for await (const chunk of request.body) {
        bytes += chunk.length
        if (bytes > MAX_BYTES) throw new ApiProblem(413, 'At most 20 MB are accepted')
        hash.update(chunk)
      }
      return reply.code(201).send({ bytes, sha256: hash.digest('hex') })
    },
  )
}
