/** Where to go after signing in: only ever a page of this shop, whatever the address bar says. */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/orders'
  const base = 'http://shop.invalid'
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : undefined
  return url?.origin === base ? url.pathname + url.search : '/orders'
}
