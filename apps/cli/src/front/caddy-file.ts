import type { FrontSite, FrontWish } from './front-site.ts'

/**
 * A Caddyfile with one site for each service. Caddy gets its certificates by itself, and streams events and sockets without
 * being told to. While the edge is replaced or comes back after a crash, it asks again instead of answering 502.
 */
export function caddyFile({ sites, internalTls }: FrontWish): string {
  const site = ({ app, service, domains, edge }: FrontSite): string => `# ${app}/${service}
${domains.join(', ')} {
${internalTls ? '\ttls internal\n' : ''}\treverse_proxy ${edge} {
\t\tlb_try_duration 5s
\t\tlb_try_interval 50ms
\t}
}
`
  return `# Made by: plimsoll edge front
# No release changes this file: the edge behind it moves the traffic. Reload Caddy only when domains come or go.

${sites.map(site).join('\n')}`
}
