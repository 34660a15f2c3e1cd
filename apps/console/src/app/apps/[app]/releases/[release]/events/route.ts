import { contract } from '@plimsoll/model'
import { apiClient } from '../../../../../../server/ask-api.ts'
import { eventResponse } from '../../../../../../server/event-response.ts'
import { isOwnRequest } from '../../../../../../server/own-request.ts'

/** What happens to a release, from its beginning or from where the browser's last connection ended. */
export async function GET(request: Request, { params }: { params: Promise<{ app: string; release: string }> }): Promise<Response> {
  if (!isOwnRequest(request.headers)) return new Response(null, { status: 403 })
  const { app, release } = await params
  const lastEventId = request.headers.get('last-event-id') ?? undefined
  // What the request says of who asks is there only until its answer begins.
  const asking = apiClient()
  asking.catch(() => undefined) // Told to the reader of the stream.
  return eventResponse(async function* (signal) {
    const client = await asking
    yield* client.stream(contract.watchRelease, { params: { app, release }, lastEventId }, signal)
  }, request.signal)
}
