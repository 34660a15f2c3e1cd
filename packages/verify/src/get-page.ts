import { request, type Agent, type IncomingMessage } from 'node:http'
import type { Address } from '@plimsoll/model'

export interface Question {
  readonly address: Address
  readonly path: string
  readonly agent: Agent
  readonly timeoutMs: number
}

/** What a page answered, and how long it took from asking to its last byte. */
export interface Answer {
  readonly status: number
  readonly ms: number
  /** Text, cut after 256 KB. */
  readonly body: string
}

const keptLength = 256 * 1024

/** GETs one path as a browser asks for a page, without following a redirect. Rejects when there is no whole answer, and with the signal's reason. */
export function getPage({ address, path, agent, timeoutMs }: Question, signal: AbortSignal): Promise<Answer> {
  const began = performance.now()
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const headers = { accept: 'text/html,*/*', 'user-agent': 'plimsoll' }
  return new Promise((resolve, reject) => {
    const asked = request({ host: address.host, port: address.port, path, agent, headers, signal: limit }, (response) => {
      textOf(response).then((body) => resolve({ status: response.statusCode ?? 0, ms: performance.now() - began, body }), reject)
    })
    asked.on('error', (error) => reject(signal.aborted ? signal.reason : error))
    asked.end()
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  let body = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (body.length < keptLength) body += String(chunk)
  return body.slice(0, keptLength)
}
