import type { StaticSite } from '@plimsoll/model'

export type RouteOutcome =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'rewrite'; readonly path: string }
  | { readonly kind: 'elsewhere'; readonly url: string }

/** What the first matching route says about a path for which there is no file. `path` is as the client encoded it. */
export function routeOutcome(site: StaticSite, path: string): RouteOutcome | undefined {
  for (const { type, source, destination } of site.routes) {
    const parts = match(source, path)
    if (parts === undefined) continue
    const target = fill(destination, parts)
    if (type === 'redirect') return { kind: 'redirect', location: target }
    return /^https?:\/\//i.test(target) ? { kind: 'elsewhere', url: target } : { kind: 'rewrite', path: target }
  }
  return undefined
}

/** The headers whose globs match; a later rule wins over an earlier one of the same name. */
export function siteHeaders(site: StaticSite, path: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const rule of site.headers) if (globPattern(rule.path).test(path)) headers[rule.name.toLowerCase()] = rule.value
  return headers
}

interface Parts {
  readonly splat: string
  readonly named: Readonly<Record<string, string>>
}

function match(source: string, path: string): Parts | undefined {
  const found = routePattern(source).exec(path)
  if (found === null) return undefined
  const { splat = '', ...named } = found.groups ?? {}
  return { splat, named: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, value ?? ''])) }
}

/** `*` takes the rest, `:name` one segment. */
function routePattern(source: string): RegExp {
  const seen = new Set<string>()
  const body = escaped(source).replace(/\\\*|:([A-Za-z_]\w*)/g, (token: string, name: string | undefined) => {
    const group = name ?? 'splat'
    if (seen.has(group)) return token === '\\*' ? '.*' : '[^/]+'
    seen.add(group)
    return name === undefined ? '(?<splat>.*)' : `(?<${name}>[^/]+)`
  })
  return new RegExp(`^${body}$`)
}

/** `//host` as a location would lead to another site, chosen by whoever wrote the link. */
function fill(destination: string, { splat, named }: Parts): string {
  const filled = destination.replace(/\*|(?<=\/):([A-Za-z_]\w*)/g, (token: string, name: string | undefined) =>
    name === undefined ? splat : (named[name] ?? token),
  )
  return destination.startsWith('/') ? filled.replace(/^[/\\]+/, '/') : filled
}

function globPattern(glob: string): RegExp {
  return new RegExp(`^${escaped(glob).replace(/(?:\\\*)+/g, '.*')}$`)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
