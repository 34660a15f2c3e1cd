/**
 * An address with the id of the build that this page came from. Next sends the id with its own requests; with it in ours,
 * a tab that was open during a release goes on talking to the release that it belongs to, API included. As a part of
 * the address it works for fetch, EventSource and WebSocket alike, and needs no leave from CORS.
 */
export function atThisRelease(path: string, base: string): URL {
  const address = new URL(path, base)
  const id = process.env.NEXT_DEPLOYMENT_ID
  if (id) address.searchParams.set('dpl', id)
  return address
}
