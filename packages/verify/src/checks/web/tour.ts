import { mkdir } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { inTurn } from '../../in-turn.ts'
import { mostPages } from '../../next-pages.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { perRehearsal } from '../per-rehearsal.ts'
import { isHtml, pathOf } from './fetch-resource.ts'
import type { PageVisit } from './page-visit.ts'
import { sitesOf, type Site, type Sites } from './sites-of.ts'
import { visitPage, type Visiting, type WantedPage } from './visit-page.ts'

/** What a visitor with a browser has seen of the shared copy. */
export interface Tour {
  readonly visits: readonly PageVisit[]
  /** Pages that were left out, because there are so many. */
  readonly left: number
}

/** More tabs would only take turns on the two processors of a small machine. */
const tabs = 3

/** Undefined where there is no browser. One tour, whoever asks; it ends with its browser. */
export const tourOf = perRehearsal(async (rehearsal: Rehearsal, signal): Promise<Tour | undefined> => {
  if (rehearsal.browser === undefined) return undefined
  const found = await sitesOf(rehearsal, signal)
  if (found.sites.length === 0) return { visits: [], left: 0 }
  await mkdir(rehearsal.evidence, { recursive: true })
  // Here, and not at the top: it costs 300 ms, and most starts of Plimsoll verify nothing.
  const [{ chromium }, { default: axe }] = await Promise.all([import('playwright-core'), import('axe-core')])
  const browser = await chromium.launch({ executablePath: rehearsal.browser, args: [`--host-resolver-rules=${found.own.resolverRules}`] })
  const ends = (): void => void browser.close()
  signal.addEventListener('abort', ends)
  try {
    signal.throwIfAborted()
    return await tourWith(browser, { rehearsal, found, axe: axe.source })
  } finally {
    signal.removeEventListener('abort', ends)
    await browser.close()
  }
})

async function tourWith(browser: Browser, { rehearsal, found: { sites, own }, axe }: { readonly rehearsal: Rehearsal; readonly found: Sites; readonly axe: string }): Promise<Tour> {
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', acceptDownloads: false })
  const visiting = { context, own, evidence: rehearsal.evidence, axe }
  const first = sites.map((site) => ({ site, paths: pathsOf(site) }))
  const wanted = first.flatMap(({ site: { service, origin }, paths }) => paths.slice(0, mostPages).map((path): WantedPage => ({ service, origin, path })))
  const visits = await inTurn(wanted, tabs, async (page) => visitSteadily(visiting, page))
  const linked = sites.flatMap((site) => onlyLinked(site, visits, own.here))
  const more = await inTurn(linked, tabs, async (page) => visitSteadily(visiting, page))
  return { visits: [...visits, ...more], left: first.reduce((sum, { paths }) => sum + Math.max(0, paths.length - mostPages), 0) }
}

const mostAttempts = 8

/** Chromium breaks off what is under way when the machine gets another network, as it does with containers: that says nothing about a page. */
async function visitSteadily(visiting: Visiting, page: WantedPage): Promise<PageVisit> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const visit = await visitPage(visiting, page)
    if (!visit.log.some((line) => line.includes('net::ERR_NETWORK_CHANGED'))) return visit
  }
  throw new Error(`the networks of this machine changed each of ${mostAttempts} times that ${page.path} of ${page.service} was opened`)
}

/** Paths of a site's pages: those that it is known to have, and of those that are linked one of each kind. */
function pathsOf({ origin, pages, found }: Site): string[] {
  const linked = found.filter(({ url, as, from, status, headers }) => as === 'page' && from !== undefined && url.startsWith(`${origin}/`) && (status ?? 500) < 300 && isHtml({ headers })).map(({ url }) => pathOf(url))
  if (pages === undefined) return [...new Set([...found.filter(({ from, headers, url }) => from === undefined && (isHtml({ headers }) || url === `${origin}/`)).map(({ url }) => pathOf(url)), ...linked])]
  return [...new Set([...pages.fixed, ...examplesIn(pages.withParameter, linked)])]
}

function examplesIn(patterns: readonly RegExp[], paths: readonly string[]): string[] {
  return patterns.flatMap((pattern) => paths.find((path) => pattern.test(path.split('?', 1)[0] ?? path)) ?? [])
}

/** Pages with a parameter of which no answer told an example: those that only the scripts of a page link to. */
function onlyLinked({ service, origin, pages, found }: Site, visits: readonly PageVisit[], here: (url: string) => string | undefined): WantedPage[] {
  const known = found.map(({ url }) => pathOf(url))
  const open = (pages?.withParameter ?? []).filter((pattern) => examplesIn([pattern], known).length === 0)
  const links = visits.flatMap((visit) => visit.links).flatMap((url) => here(url) ?? []).filter((url) => url.startsWith(`${origin}/`)).map(pathOf)
  return examplesIn(open, links).map((path) => ({ service, origin, path }))
}
