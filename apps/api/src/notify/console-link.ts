/** A page of the console, where others than this machine reach it; undefined where they do not. */
export function linkTo(console: string | undefined, path: string): string | undefined {
  if (console === undefined) return undefined
  const { hostname } = new URL(console)
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  return isHere ? undefined : `${console}${path}`
}
