import { Agent } from 'node:http'
import type { CandidateUnit, WarmUp } from '@plimsoll/engine'
import type { Address } from '@plimsoll/model'
import { getPage } from './get-page.ts'
import { inTurn } from './in-turn.ts'
import { itself, type Near } from './near.ts'
import { mostPages, nextPagesOf, type NextPages } from './next-pages.ts'
import { linkPathsIn } from './paths-in.ts'

export interface WarmUpLimits {
  /** For each page. V8 compiles a function well only after it has run some dozens of times. */
  readonly timesPerPath: number
  /** For a health path, behind which there is little to warm. */
  readonly timesForHealth: number
  /** For one instance; few, because what is live runs on the same machine. */
  readonly inFlight: number
  /** No request starts after this. */
  readonly limitMs: number
  /** For one answer. */
  readonly timeoutMs: number
}

export const usualWarmUp: WarmUpLimits = { timesPerPath: 40, timesForHealth: 10, inFlight: 2, limitMs: 2_500, timeoutMs: 10_000 }

/**
 * Warms a Next.js app by its pages, one of each route with a parameter included where a page links to one, and any other
 * service by its health path: of those it is known that asking changes nothing. `near` tells where this machine reaches an address of the place.
 */
export function createWarmUp(limits: WarmUpLimits = usualWarmUp, near: Near = itself): WarmUp {
  return async (unit, signal) => {
    const pages = await nextPagesOf(unit.files)
    const instances = await Promise.all(unit.addresses.map(async (address) => warmInstance({ address: await near(address), pages, paths: firstPaths(unit, pages), limits }, signal)))
    const answers = instances.flatMap(({ took }) => took)
    const paths = pages === undefined ? [] : [...new Set(instances.flatMap(({ well }) => well))]
    const each = Math.max(1, Math.ceil(answers.length / 10))
    if (answers.length === 0) return undefined
    return { service: unit.spec.service, requests: answers.length, firstMs: average(answers.slice(0, each)), lastMs: average(answers.slice(-each)), paths }
  }
}

function firstPaths({ spec }: CandidateUnit, pages: NextPages | undefined): readonly string[] {
  if (pages !== undefined) return pages.fixed.slice(0, mostPages)
  return spec.healthCheckPath === undefined ? [] : [spec.healthCheckPath]
}

interface Round {
  readonly address: Address
  readonly pages: NextPages | undefined
  readonly paths: readonly string[]
  readonly limits: WarmUpLimits
}

interface Warmed {
  /** Milliseconds of each answer, in the order in which they came. */
  readonly took: readonly number[]
  /** The paths that never answered badly. */
  readonly well: readonly string[]
}

async function warmInstance({ address, pages, paths, limits }: Round, signal: AbortSignal): Promise<Warmed> {
  const agent = new Agent({ keepAlive: true, maxSockets: limits.inFlight })
  const until = performance.now() + limits.limitMs
  const took: number[] = []
  const hopeless = new Set<string>()
  const asked = new Set<string>()

  /** Its text; none from a path that does not answer well, which is not asked again: why is for the checks to tell. */
  async function ask(path: string): Promise<string> {
    if (performance.now() > until || hopeless.has(path)) return ''
    asked.add(path)
    try {
      const { status, ms, body } = await getPage({ address, path, agent, timeoutMs: limits.timeoutMs }, signal)
      if (status < 400) {
        took.push(ms)
        return body
      }
    } catch (error) {
      if (signal.aborted) throw error
    }
    hopeless.add(path)
    return ''
  }

  try {
    const bodies = await inTurn(paths, limits.inFlight, ask)
    const all = [...paths, ...onePerRoute(pages, bodies.flatMap(linkPathsIn))]
    const times = pages === undefined ? limits.timesForHealth : limits.timesPerPath
    await inTurn(Array.from({ length: times - 1 }, () => all).flat(), limits.inFlight, ask)
  } finally {
    agent.destroy()
  }
  return { took, well: [...asked].filter((path) => !hopeless.has(path)) }
}

/** The first of `paths` for each route with a parameter. */
function onePerRoute(pages: NextPages | undefined, paths: readonly string[]): string[] {
  return (pages?.withParameter ?? []).flatMap((pattern) => paths.find((path) => pattern.test(path)) ?? [])
}

function average(times: readonly number[]): number {
  return Math.round((times.reduce((sum, ms) => sum + ms, 0) / times.length) * 10) / 10
}
