import { NextResponse } from 'next/server'

/** Tells with every answer which instance gave it: without that, a release cannot be watched. */
export function proxy(): NextResponse {
  const response = NextResponse.next()
  response.headers.set('x-served-by', process.env['RENDER_INSTANCE_ID'] ?? `web-${process.pid}`)
  return response
}
