import type { ServerResponse } from 'node:http'
export async function serveSite(ask: { response: ServerResponse; [key: string]: unknown }): Promise<void> {
  ask.response.writeHead(503).end()
}
