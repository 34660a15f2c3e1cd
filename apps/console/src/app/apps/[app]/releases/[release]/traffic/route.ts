import { contract } from '@plimsoll/model'
import { apiClient } from '../../../../../../server/ask-api.ts'
import { eventResponse } from '../../../../../../server/event-response.ts'
import { isOwnRequest } from '../../../../../../server/own-request.ts'

/** What users get while a release takes over, once a second, until the browser leaves or the picture is at its end. */
export async function GET(request: Request, { params }: { params: Promise<{ app: string; release: string }> }): Promise<Response> {
  if (!isOwnRequest(request.headers)) return new Response(null, { status: 403 })
  const { app, release } = await params
  // What the request says of who asks is there only until its answer begins.
  const asking = apiClient()
  asking.catch(() => undefined) // Told to the reader of the stream.
  return eventResponse(async function* (signal) {
    const client = await asking
    yield* client.stream(contract.watchTraffic, { params: { app, release } }, signal)
  }, request.signal)
}
