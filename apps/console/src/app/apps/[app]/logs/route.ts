import { contract } from '@plimsoll/model'
import { apiClient } from '../../../../server/ask-api.ts'
import { eventResponse } from '../../../../server/event-response.ts'
import { isOwnRequest } from '../../../../server/own-request.ts'

/** What the app's instances print, from the last lines on, until the browser leaves; with `service` and `release` those of one unit. */
export async function GET(request: Request, { params }: { params: Promise<{ app: string }> }): Promise<Response> {
  if (!isOwnRequest(request.headers)) return new Response(null, { status: 403 })
  const { app } = await params
  const { searchParams: asked } = new URL(request.url)
  const unit = { service: asked.get('service') ?? undefined, release: Number(asked.get('release')) || undefined }
  // What the request says of who asks is there only until its answer begins.
  const asking = apiClient()
  asking.catch(() => undefined) // Told to the reader of the stream.
  return eventResponse(async function* (signal) {
    const client = await asking
    yield* client.stream(contract.logs, { params: { app }, query: { ...unit, follow: true, tail: 200 } }, signal)
  }, request.signal)
}
