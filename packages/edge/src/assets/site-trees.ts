import type { PublishRequest } from '@plimsoll/engine'
import type { ReleaseTraffic, Target, Traffic } from '@plimsoll/model'

/** The files of one static site, as they are published to edges that do not have the directory. */
export interface SiteTree extends PublishRequest {
  readonly unit: string
}

/** Every static site that requests can be sent to by `traffic`. */
export function siteTrees({ app, live, canary, previous }: Pick<Traffic, 'app' | 'live' | 'canary' | 'previous'>): SiteTree[] {
  const releases = [live, ...(canary === undefined ? [] : [canary.release]), ...previous]
  return releases.flatMap(({ release, targets }: ReleaseTraffic) =>
    Object.entries(targets).flatMap(([service, target]: [string, Target]) =>
      target.kind === 'files' ? [{ app, release, unit: target.unit, service: shelfOf(service), directory: target.root, urlPrefix: prefixOf(target.unit) }] : []),
  )
}

/** Apart from what the service publishes to be asked for; should another service have this name, nobody asks it for the paths of a unit. */
function shelfOf(service: string): string {
  return `site:${service}`
}

/** Sites of several releases differ under the same paths, so each has a prefix of its own. */
function prefixOf(unit: string): string {
  return `/${unit}/`
}
