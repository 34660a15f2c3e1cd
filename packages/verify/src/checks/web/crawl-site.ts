import { inTurn } from '../../in-turn.ts'
import { fetchResource, type Fetched, type WantedResource } from './fetch-resource.ts'
import type { OwnAddresses } from './own-addresses.ts'

export interface CrawlLimits {
  readonly inFlight: number
  readonly mostUrls: number
  /** Links from what was known beforehand. */
  readonly depth: number
  readonly timeoutMs: number
}

export const usualCrawl: CrawlLimits = { inFlight: 8, mostUrls: 250, depth: 3, timeoutMs: 10_000 }

export interface Crawl {
  /** Of the copy, without a trailing slash. */
  readonly origin: string
  /** Paths that are known beforehand. */
  readonly seeds: readonly string[]
  readonly own: OwnAddresses
  readonly limits: CrawlLimits
}

/** Of one path with many queries only so many are asked: they are one page. */
const queriesPerPath = 3

/**
 * GETs `seeds` and all of the app's own that pages among them lead to, breadth first, each once. What another service of the app serves is opened,
 * and not followed.
 */
export async function crawlSite({ origin, seeds, own, limits }: Crawl, signal: AbortSignal): Promise<readonly Fetched[]> {
  const isNew = once(limits.mostUrls)
  const found: Fetched[] = []
  let next: readonly WantedResource[] = seeds.map((path) => ({ url: `${origin}${path}`, from: undefined, as: 'page', depth: 0 }))
  while (next.length > 0) {
    const ask = async (wanted: WantedResource, timeoutMs: number): Promise<Answer> => {
      const isRead = wanted.as === 'page' && wanted.url.startsWith(`${origin}/`)
      return fetchResource(wanted, { timeoutMs, isRead }, signal)
    }
    const first = await inTurn(next.filter(({ url }) => isNew(url)), limits.inFlight, async (wanted) => ask(wanted, limits.timeoutMs))
    const answers = await onceMore(first, async ({ fetched }) => ask(fetched, limits.timeoutMs * patience))
    found.push(...answers.map(({ fetched }) => fetched))
    next = answers.flatMap(({ leadsTo }) => leadsTo).flatMap((wanted) => {
      const url = own.here(wanted.url)
      return url === undefined || wanted.depth > limits.depth ? [] : [{ ...wanted, url }]
    })
  }
  return found
}

type Answer = Awaited<ReturnType<typeof fetchResource>>

/** A machine that is busy with other things is slow as well: who gave no answer is asked again alone, and longer. */
const patience = 2

/** Until one gives no answer again: then the others are not waited for either. */
async function onceMore(answers: readonly Answer[], again: (answer: Answer) => Promise<Answer>): Promise<readonly Answer[]> {
  const settled: Answer[] = []
  let isHopeless = false
  for (const answer of answers) {
    const isAsked: boolean = answer.fetched.status === undefined && !isHopeless
    const now: Answer = isAsked ? await again(answer) : answer
    isHopeless ||= isAsked && now.fetched.status === undefined
    settled.push(now)
  }
  return settled
}

function once(most: number): (url: string) => boolean {
  const seen = new Set<string>()
  const queries = new Map<string, number>()
  return (url) => {
    const [path = url] = url.split('?', 1)
    const times = queries.get(path) ?? 0
    if (seen.has(url) || seen.size >= most || times >= queriesPerPath) return false
    queries.set(path, times + 1)
    seen.add(url)
    return true
  }
}
