import { NextResponse, type NextRequest } from 'next/server'
import { namesThisMachine } from './server/own-request.ts'

/** Stands before every page, stream and action: only for this machine under its own names, and with a policy that lets nothing in from outside. */
export function proxy(request: NextRequest): NextResponse {
  if (!namesThisMachine(request.headers)) {
    return new NextResponse('The console answers only to localhost, 127.0.0.1 and names that end in .localhost.\n', { status: 421 })
  }
  const nonce = crypto.randomUUID()
  const policy = policyWith(nonce)
  const headers = new Headers(request.headers)
  // Next.js reads the nonce for its own scripts from this request header.
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('referrer-policy', 'same-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('cross-origin-opener-policy', 'same-origin')
  return response
}

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
