import type { Address } from '@plimsoll/model'

/** What one page answered, without following a redirect. */
export interface Page {
  readonly status: number
  readonly type: string
  readonly location: string | undefined
  readonly body: string
}

/** GETs `path` of a candidate. Throws what `fetch` throws when there is no answer. */
export async function fetchPage(address: Address, path: string, signal: AbortSignal): Promise<Page> {
  const response = await fetch(`http://${address.host}:${address.port}${path}`, {
    redirect: 'manual',
    headers: { accept: 'text/html,*/*', 'user-agent': 'plimsoll' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    location: response.headers.get('location') ?? undefined,
    body: await response.text(),
  }
}

/** Same-origin scripts, styles and preloads that `html` names, without repetition. */
export function assetPathsIn(html: string): string[] {
  const found = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="(\/[^"]+)"/g)].map((match) => (match[1] ?? '').replaceAll('&amp;', '&'))
  return [...new Set(found)].filter((path) => !path.startsWith('//') && /\.(?:js|css|woff2?)(?:\?|$)/.test(path))
}
