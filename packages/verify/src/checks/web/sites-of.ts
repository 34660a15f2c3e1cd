import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { isPublic, type ServiceName, type StaticSite } from '@plimsoll/model'
import { nextPagesOf, type NextPages } from '../../next-pages.ts'
import type { AppCopy, CopyUnit, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { perRehearsal } from '../per-rehearsal.ts'
import { crawlSite, usualCrawl } from './crawl-site.ts'
import { isHtml, sitemap, type Fetched } from './fetch-resource.ts'
import { ownAddresses, type OwnAddresses } from './own-addresses.ts'

/** A public service that answers with pages, and what was found on it. */
export interface Site {
  readonly service: ServiceName
  /** Of the copy, without a trailing slash. */
  readonly origin: string
  readonly unit: CopyUnit
  /** Undefined for what is no Next.js app. */
  readonly pages: NextPages | undefined
  readonly staticSite: StaticSite | undefined
  readonly found: readonly Fetched[]
}

export interface Sites {
  readonly sites: readonly Site[]
  readonly own: OwnAddresses
}

/** The sites of the shared copy, crawled once for all who ask about them. */
export const sitesOf = perRehearsal(async (rehearsal: Rehearsal, signal): Promise<Sites> => {
  const copy = await rehearsal.shared(signal)
  const own = ownAddresses(copy)
  const sites = await Promise.all(copy.units.filter(({ spec }) => isPublic(spec.kind)).map((unit) => siteOf({ copy, unit, own }, signal)))
  return { sites: sites.flatMap((site) => site ?? []), own }
})

async function siteOf({ copy, unit, own }: { readonly copy: AppCopy; readonly unit: CopyUnit; readonly own: OwnAddresses }, signal: AbortSignal): Promise<Site | undefined> {
  const { service, staticSite } = unit.spec
  const origin = copy.url(service)
  if (origin === undefined) return undefined
  const pages = staticSite === undefined ? await nextPagesOf(unit.files) : undefined
  const seeds = pages?.fixed ?? (staticSite === undefined ? ['/'] : ['/', ...(await pagesIn(unit.files, staticSite))])
  const found = await crawlSite({ origin, seeds: [...seeds, sitemap], own, limits: usualCrawl }, signal)
  const home = found.find(({ url }) => url === `${origin}/`)
  // What answers `/` with no page is an API, unless its own files say that it has pages.
  const isSite = pages !== undefined || staticSite !== undefined || (home?.status !== undefined && home.status < 400 && isHtml(home))
  // Nobody has promised a sitemap; where it leads was followed.
  return isSite ? { service, origin, unit, pages, staticSite, found: found.filter(({ url }) => url !== `${origin}${sitemap}`) } : undefined
}

const mostFiles = 100

/** Paths of the pages that a static site publishes. */
export async function pagesIn(files: string, { publishPath }: StaticSite): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const file of glob('**/*.html', { cwd: join(files, publishPath) })) paths.push(`/${file.split('/').map(encodeURIComponent).join('/')}`)
  return paths.filter((path) => !/\/(?:404|index)\.html$/.test(path)).toSorted().slice(0, mostFiles)
}
