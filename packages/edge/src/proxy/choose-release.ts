import type { ReleaseTraffic, Target, Traffic } from '@plimsoll/model'

/** What of a request decides where it goes. Header names are in lower case. */
export interface Ask {
  readonly method: string
  /** Path and query as the client sent them. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** No id counts any more: the release that it led to did not answer. */
  readonly fromLive?: true
}

export interface Choice {
  readonly release: ReleaseTraffic
  readonly target: Target
}

/**
 * The release that answers: live, unless the request carries the deployment id of a release that is
 * still warm. The id of any service counts for all of them: what a page of one release asks of another service
 * is answered by that release. A release that was gone back from gets nothing: it stays warm for whoever thinks better of it,
 * and its tabs are better off with what is trusted. Documents always come from live, so that a tab leaves an old release when it navigates.
 * Undefined when live has nothing for this service.
 */
export function chooseRelease(traffic: Traffic, service: string, ask: Ask): Choice | undefined {
  return choice(pinnedRelease(traffic, ask), service) ?? choice(traffic.live, service)
}

function pinnedRelease(traffic: Traffic, ask: Ask): ReleaseTraffic | undefined {
  if (traffic.previous.length === 0 || ask.fromLive) return undefined
  const id = deploymentIdOf(ask)
  // An artifact that several releases share has one id: the newest of them is as right as any, for the page is the same in all.
  if (id === undefined || hasId(traffic.live, id) || isDocument(ask)) return undefined
  return traffic.previous.find((release) => release.release < traffic.live.release && hasId(release, id))
}

function hasId({ deploymentIds }: ReleaseTraffic, id: string): boolean {
  return Object.values(deploymentIds).includes(id)
}

function choice(release: ReleaseTraffic | undefined, service: string): Choice | undefined {
  const target = release?.targets[service]
  return release === undefined || target === undefined ? undefined : { release, target }
}

/** The id of the build that the asking page was made by: Next.js sends it as `?dpl=` or as a header. */
export function deploymentIdOf(ask: Ask): string | undefined {
  const header = ask.headers['x-deployment-id']
  if (typeof header === 'string' && header !== '') return header
  const query = ask.url.indexOf('?')
  if (query === -1 || !ask.url.includes('dpl=', query)) return undefined
  return new URLSearchParams(ask.url.slice(query + 1)).get('dpl') ?? undefined
}

/**
 * The id that the answer has to carry so that an old tab sees that another build gave it; undefined where nothing is amiss.
 * Next.js names its build in the answers to navigations and leaves it out of those to Server Actions, for which it
 * counts on a host that never lets a tab meet another build: without the id, a tab would put the new build's page into its own.
 */
export function idToName({ release }: Choice, service: string, ask: Ask): string | undefined {
  if (ask.headers['next-action'] === undefined) return undefined
  const asked = deploymentIdOf(ask)
  const own = release.deploymentIds[service]
  return asked === undefined || asked === own ? undefined : own
}

/** A navigation of a browser. `Sec-Fetch-Dest` decides where it is sent; React's own fetches also accept anything. */
export function isDocument(ask: Ask): boolean {
  if (ask.method !== 'GET' && ask.method !== 'HEAD') return false
  const destination = ask.headers['sec-fetch-dest']
  if (destination !== undefined) return destination === 'document' || destination === 'iframe' || destination === 'frame'
  if (ask.headers['rsc'] !== undefined) return false
  return String(ask.headers['accept'] ?? '').includes('text/html')
}
