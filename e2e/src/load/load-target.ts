import { PlimsollError } from '@plimsoll/model'

/** Where the load goes, and what it asks for there. The storefront and the fixture shop speak the same requests. */
export interface LoadTarget {
  readonly web: URL
  readonly api: URL
  /** Quick GETs: `web` and `api` paths, taken in turn. */
  readonly quick: readonly { readonly at: 'web' | 'api'; readonly path: string }[]
  /** Pages whose scripts and stylesheets are fetched too. */
  readonly pages: readonly string[]
  /** A page with a form that posts a Server Action; undefined when there is none. */
  readonly actionPage: string | undefined
  /** Products that can be reviewed. */
  readonly productSlugs: readonly string[]
  /** What every request carries that goes to one of them, besides its own; nothing unless given. */
  readonly headers?: Partial<Readonly<Record<'web' | 'api', Readonly<Record<string, string>>>>>
  /** Event streams, taken in turn; the shop's stock unless given. */
  readonly streams?: readonly { readonly at: 'web' | 'api'; readonly path: string }[]
  /** For https: the certificate, as PEM, of the authority that is believed besides the usual ones. */
  readonly ca?: string
}

/** Throws `USAGE` for any address that is not this machine: the load must never be pointed at somebody's server. */
export function assertLoopback(url: URL): void {
  const name = url.hostname
  const here = name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name)
  if (here && (url.protocol === 'http:' || url.protocol === 'https:')) return
  throw new PlimsollError('USAGE', `The load generator was pointed at ${url.origin}, which is not this machine`, {
    hint: 'use http://127.0.0.1:<port>',
  })
}
