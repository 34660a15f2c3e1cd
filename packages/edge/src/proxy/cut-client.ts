import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Ends a client's connection so that it cannot take what it has for the whole answer. Towards HTTP/1.0 the end of
 * the connection may be the end of the body, so there only a reset says "cut".
 */
export function cutClient({ request, response }: { request: IncomingMessage; response: ServerResponse }): void {
  if (request.httpVersion === '1.0') response.socket?.resetAndDestroy()
  response.destroy()
}
