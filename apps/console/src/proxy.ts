import { NextResponse, type NextRequest } from 'next/server'
import { readConfig } from './config.ts'
import { namesTheConsole } from './server/own-request.ts'

/** Stands before every page, stream and action: only under its own names, and with a policy that lets nothing in from outside. */
export function proxy(request: NextRequest): NextResponse {
  if (!namesTheConsole(request.headers)) {
    return new NextResponse('The console answers only to localhost, 127.0.0.1, names that end in .localhost, and its PLIMSOLL_CONSOLE_URL.\n', { status: 421 })
  }
  const host = request.headers.get('host') ?? ''
  // Cookies know no ports: under this name the apps of this machine would be sent the console's. Next.js takes both names for one, and would make
  // of a redirect a path, which leads back here.
  if (/^localhost(?::|$)/i.test(host) && request.headers.get('sec-fetch-dest') !== 'empty' && request.method === 'GET') {
    const there = `http://${host.replace(/^localhost/i, '127.0.0.1')}${request.nextUrl.pathname}${request.nextUrl.search}`
    return new NextResponse(`The console is at ${there}\n`, { headers: { refresh: `0; url=${there}`, 'content-type': 'text/plain; charset=utf-8' } })
  }
  const nonce = crypto.randomUUID()
  const policy = policyWith(nonce)
  const headers = new Headers(request.headers)
  // Next.js reads the nonce for its own scripts from this request header.
  headers.set('content-security-policy', policy)
  headers.set(pathHeader, `${request.nextUrl.pathname}${request.nextUrl.search}`)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('referrer-policy', 'same-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('cross-origin-opener-policy', 'same-origin')
  const { servedBy } = readConfig(process.env)
  if (servedBy !== undefined) response.headers.set('x-served-by', servedBy)
  return response
}

/** As `server/ask-api.ts` reads it, which belongs to pages alone. */
const pathHeader = 'x-plimsoll-path'

export const config = { matcher: ['/((?!_next/static/).*)'] }

function policyWith(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
