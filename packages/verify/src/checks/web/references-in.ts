/** What a page leads to, as absolute URLs without fragment and without repetition. */
export interface References {
  /** What a visitor may follow. */
  readonly links: readonly string[]
  /** What a browser loads with the page. */
  readonly assets: readonly string[]
}

/** Reads `html`, which was answered at `base`. Comments, scripts' texts and templates hold no references. */
export function referencesIn(html: string, base: string): References {
  const shown = html.replace(/<!--[\s\S]*?-->/g, '').replace(/(<(script|style|template|noscript)\b[^>]*>)[\s\S]*?<\/\2>/gi, '$1')
  const from = valueOf(/<base\b[^>]*?\bhref=("[^"]*"|'[^']*')/i.exec(shown)?.[1])
  const under = from === undefined || !URL.canParse(from, base) ? base : new URL(from, base).href
  const all = (tags: RegExp): string[] => unique([...shown.matchAll(tags)].flatMap((match) => absolute(valueOf(match[1]), under) ?? []))
  return {
    links: all(/<(?:a|area)\b[^>]*?\shref=("[^"]*"|'[^']*')/gi),
    assets: unique([
      ...all(/<(?:script|img|source|video|audio|iframe)\b[^>]*?\ssrc=("[^"]*"|'[^']*')/gi),
      ...all(/<link\b(?=[^>]*\srel=["']?(?:stylesheet|modulepreload|preload|icon|shortcut icon|apple-touch-icon|manifest))[^>]*?\shref=("[^"]*"|'[^']*')/gi),
    ]),
  }
}

/** Paths, with their queries, that a sitemap names: on which host is another question. */
export function sitemapPathsIn(xml: string): string[] {
  const locations = [...xml.matchAll(/<loc>\s*([^<]+?)\s*<\/loc>/g)].map((match) => match[1] ?? '')
  return unique(locations.filter((url) => URL.canParse(url)).map((url) => `${new URL(url).pathname}${new URL(url).search}`))
}

function valueOf(quoted: string | undefined): string | undefined {
  return quoted?.slice(1, -1).trim().replaceAll('&amp;', '&').replaceAll('&#x27;', '\'').replaceAll('&quot;', '"')
}

function absolute(reference: string | undefined, base: string): string | undefined {
  if (reference === undefined || reference === '' || reference.startsWith('#') || !URL.canParse(reference, base)) return undefined
  const url = new URL(reference, base)
  if (!/^https?:$/.test(url.protocol)) return undefined
  url.hash = ''
  return url.href
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)]
}
