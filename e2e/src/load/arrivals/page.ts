import { lasting, patienceMs, type Arrival, type ArrivalContext } from '../arrival.ts'
import { exchange, type Exchange } from '../exchange.ts'
import type { Hop } from '../load-record.ts'
import { pause } from '../pause.ts'
import { readPage, type ReadPage } from '../read-html.ts'

/** Enough to meet every kind of chunk, few enough that a page is not the whole load. */
const assetsPerPage = 4

/** A page, and a moment later its scripts and stylesheets, which may by then belong to the release before. */
export const page: Arrival = async (context) => {
  const path = context.target.pages[context.id % context.target.pages.length] ?? '/'
  const opened = await openPage(context, path)
  if (opened.exchange.failure !== undefined) return { hops: [opened.hop], failure: opened.exchange.failure }
  await pause(lasting(context, 0, 1500), context.ending)
  const first = context.id % Math.max(1, opened.page.assets.length)
  const wanted = [...opened.page.assets.slice(first), ...opened.page.assets.slice(0, first)].slice(0, assetsPerPage)
  const fetched = await Promise.all(wanted.map((asset) => fetchAsset(context, asset, opened.hop.servedBy)))
  const failure = fetched.find((one) => one.failure !== undefined)?.failure
  return { hops: [opened.hop, ...fetched.map(({ hop }) => hop)], failure }
}

/** Loads a page as a browser does, and reads what it says about itself. */
export async function openPage(context: ArrivalContext, path: string): Promise<{ exchange: Exchange; page: ReadPage; hop: Hop }> {
  const opened = await exchange({
    what: `GET ${path}`,
    url: new URL(path, context.target.web),
    headers: { ...context.target.headers?.web, accept: 'text/html' },
    agent: context.kept,
    timeoutMs: patienceMs,
  })
  const page = readPage(opened.body)
  const hop = { ...opened.hop, ...(page.dataServedBy !== undefined && { dataServedBy: page.dataServedBy }) }
  return { exchange: opened, page, hop }
}

function fetchAsset(context: ArrivalContext, asset: string, pinnedTo: string | undefined): Promise<Exchange> {
  const url = new URL(asset, context.target.web)
  return exchange({ what: `GET ${url.pathname}`, url, headers: context.target.headers?.web ?? {}, agent: context.kept, timeoutMs: patienceMs, asset: true, pinnedTo })
}
