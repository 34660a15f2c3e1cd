import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'

/** An answer that the edge itself gives. */
export interface OwnAnswer {
  readonly status: number
  /** One sentence for whoever reads it; plain text. */
  readonly detail: string
  /** What stands over it; the words of the status when left out. */
  readonly title?: string
  /** A whole HTML document that a browser gets in place of the small page. */
  readonly page?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers as problem+json, or as a small page to a browser. Never cached. Does nothing when the client is gone. */
export function answerItself(request: IncomingMessage, response: ServerResponse, answer: OwnAnswer): void {
  if (response.headersSent || response.destroyed) return
  const { body, headers } = written(answer, { html: (request.headers.accept ?? '').includes('text/html') })
  response.writeHead(answer.status, headers)
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The same in bytes, where there is no request that could be understood; the connection ends behind it. */
export function rawAnswer(answer: OwnAnswer): string {
  const { body, headers } = written(answer, { html: false })
  const fields = Object.entries({ ...headers, date: new Date().toUTCString(), connection: 'close' })
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

function written(answer: OwnAnswer, { html }: { html: boolean }): { body: string; headers: Record<string, string | number> } {
  const title = titleOf(answer)
  const body = html ? (answer.page ?? pageOf(title, answer)) : `${JSON.stringify({ type: 'about:blank', title, status: answer.status, detail: answer.detail })}\n`
  const headers = {
    'content-type': html ? 'text/html; charset=utf-8' : 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...answer.headers,
  }
  return { body, headers }
}

function titleOf({ status, title }: OwnAnswer): string {
  return title ?? STATUS_CODES[status] ?? 'Error'
}

function pageOf(title: string, { status, detail }: OwnAnswer): string {
  const text = detail.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title === STATUS_CODES[status] ? `${status} ${title}` : title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>${title}</h1><p>${text}</p></html>
`
}
