export const dynamic = 'force-dynamic'

/** Liveness: needs nothing but this process. */
export function GET(): Response {
  return Response.json({ status: 'ok' })
}
