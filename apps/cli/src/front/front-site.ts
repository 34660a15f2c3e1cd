import type { AppView } from '@plimsoll/model'

/** Names under which a TLS front is to reach one service, and where the edge takes their requests. */
export interface FrontSite {
  readonly app: string
  readonly service: string
  readonly domains: readonly string[]
  /** Where the edge takes requests for every host name: fixed, so that no release touches the front. */
  readonly edge: string
}

export interface FrontWish {
  readonly sites: readonly FrontSite[]
  /** Certificates of the front's own making, for machines that no certificate authority can reach. */
  readonly internalTls: boolean
}

/** Every service that the Blueprints give a domain of its own, by app and service. */
export function frontSites(apps: readonly AppView[]): FrontSite[] {
  return apps.flatMap((app) => app.services.flatMap(({ service, domains, namedUrl }) => (
    domains.length === 0 || namedUrl === undefined ? [] : [{ app: app.name, service, domains, edge: `127.0.0.1:${new URL(namedUrl).port}` }]
  )))
}
