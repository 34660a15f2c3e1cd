import { serverConfig } from '@/shop/server-config'

export const dynamic = 'force-dynamic'

/** Readiness: the shop can sell, because the API can. */
export async function GET(): Promise<Response> {
  const ready = await apiIsReady()
  return Response.json({ status: ready ? 'ok' : 'waiting for the API' }, { status: ready ? 200 : 503 })
}

async function apiIsReady(): Promise<boolean> {
  try {
    const response = await fetch(`${serverConfig().apiUrl}/readyz`, {
      cache: 'no-store',
      signal: AbortSignal.timeout(3_000),
    })
    return response.ok
  } catch {
    return false // nothing listens, or it takes too long: not ready either way
  }
}
