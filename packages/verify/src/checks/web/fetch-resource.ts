import { referencesIn, sitemapPathsIn } from './references-in.ts'

export interface WantedResource {
  /** At the copy. */
  readonly url: string
  /** The page that leads here, as a path; undefined for what was known beforehand. */
  readonly from: string | undefined
  /** `page` for what a visitor follows, `asset` for what a browser loads with a page. */
  readonly as: 'page' | 'asset'
  /** Links from what was known beforehand. */
  readonly depth: number
}

/** One resource as it was answered, without following where it leads. */
export interface Fetched extends WantedResource {
  /** Undefined where there was no whole answer: `problem` says why. */
  readonly status: number | undefined
  readonly headers: Headers
  readonly problem?: string
}

export interface Reading {
  readonly timeoutMs: number
  /** Whether a page's text is read for what it leads to. */
  readonly isRead: boolean
}

/** GETs one resource. Throws nothing but the signal's reason. */
export async function fetchResource(wanted: WantedResource, { timeoutMs, isRead }: Reading, signal: AbortSignal): Promise<{ readonly fetched: Fetched; readonly leadsTo: readonly WantedResource[] }> {
  const { url, as } = wanted
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const response = await fetch(url, { redirect: 'manual', signal: limit, headers: { accept: as === 'page' ? 'text/html,*/*' : '*/*', 'user-agent': 'plimsoll' } })
    const { status, headers } = response
    const isOfUse = isRead && status < 400 && (isHtml({ headers }) || pathOf(url) === sitemap)
    const text = isOfUse ? await response.text() : ''
    if (!isOfUse) await response.body?.cancel()
    return { fetched: { ...wanted, status, headers }, leadsTo: [...redirection(wanted, response), ...references(wanted, text, isHtml({ headers }))] }
  } catch (error) {
    signal.throwIfAborted()
    return { fetched: { ...wanted, status: undefined, headers: new Headers(), problem: reasonOf(error) }, leadsTo: [] }
  }
}

export const sitemap = '/sitemap.xml'

export function isHtml({ headers }: Pick<Fetched, 'headers'>): boolean {
  return /\bhtml\b/.test(headers.get('content-type') ?? '')
}

/** Path and query. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}

function redirection({ url, as, depth }: WantedResource, { status, headers }: Response): WantedResource[] {
  const location = headers.get('location')
  return location === null || status < 300 || !URL.canParse(location, url) ? [] : [{ url: new URL(location, url).href, from: pathOf(url), as, depth }]
}

function references({ url, depth }: WantedResource, text: string, isPage: boolean): WantedResource[] {
  const from = pathOf(url)
  if (!isPage) return sitemapPathsIn(text).map((path) => ({ url: new URL(path, url).href, from, as: 'page', depth: depth + 1 }))
  const { links, assets } = referencesIn(text, url)
  return [...assets.map((each): WantedResource => ({ url: each, from, as: 'asset', depth })), ...links.map((each): WantedResource => ({ url: each, from, as: 'page', depth: depth + 1 }))]
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
