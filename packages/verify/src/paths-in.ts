/** Same-origin scripts, styles and preloads that `html` names, without repetition. */
export function assetPathsIn(html: string): string[] {
  return unique([...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="(\/[^"]+)"/g)]).filter((path) => !path.startsWith('//') && /\.(?:js|css|woff2?)(?:\?|$)/.test(path))
}

/** Same-origin links of `html`, without query and fragment and without repetition. */
export function linkPathsIn(html: string): string[] {
  return unique([...html.matchAll(/<a\b[^>]*?\bhref="(\/(?:[^"/?#][^"?#]*)?)/g)])
}

function unique(matches: readonly RegExpExecArray[]): string[] {
  return [...new Set(matches.map((match) => (match[1] ?? '').replaceAll('&amp;', '&')))]
}
