import type { MadeService } from './process-rehearsal.ts'

/** One operation of a service that is made up for a test. */
export interface MadeOperation {
  /** `POST /notes` */
  readonly is: string
  /** As in an OpenAPI document. */
  readonly documented: Readonly<Record<string, unknown>>
  /** Statements with `request`, `text` (its body), and `answer(status, value)`. */
  readonly does: string
}

/** A service with an OpenAPI document; whatever it does not offer it answers with 404. */
export function documentedService(operations: readonly MadeOperation[]): MadeService {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { is, documented } of operations) {
    const [method = '', path = ''] = is.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: documented }
  }
  const handlers = operations.map(({ is, does }) => {
    const [method, path = ''] = is.split(' ')
    return `if (request.method === '${method}' && new RegExp('^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$').test(request.url.split('?')[0])) { ${does} }`
  })
  return {
    healthCheckPath: '/healthz',
    source: `import { createServer } from 'node:http'
createServer(async (request, response) => {
  const answer = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.url === '/healthz') return answer(200, {})
  if (request.url === '/openapi.json') return answer(200, ${JSON.stringify({ openapi: '3.1.0', paths })})
  let text = ''
  for await (const chunk of request) text += chunk
  ${handlers.join('\n  ')}
  if (!response.headersSent) answer(404, { error: 'not here' })
}).listen(Number(process.env.PORT), '0.0.0.0')`,
  }
}
