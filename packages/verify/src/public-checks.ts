import type { Clock, PublicCheck, PublicSite } from '@plimsoll/engine'
import type { Verdict } from '@plimsoll/model'
import { timed } from './timed.ts'

/** How often a site is asked before it is said not to answer, and how long in between: what has just gone live may be met by an edge that has not heard of it. */
const tries = 5
const pauseMs = 2_000
const timeoutMs = 10_000

export interface PublicChecksParts {
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
}

/** What is asked of an app where people reach it: that the health path, else the first page, answers over its public address. */
export function createPublicChecks(parts: PublicChecksParts): readonly PublicCheck[] {
  return [{ id: 'public.answers', ask: async (site, signal) => [await timed(() => askSite(parts, site, signal))] }]
}

async function askSite({ clock, fetch }: PublicChecksParts, { spec, url }: PublicSite, signal: AbortSignal): Promise<Omit<Verdict, 'tookMs'>> {
  const path = spec.healthCheckPath ?? '/'
  const about = { check: 'public.answers', service: spec.service }
  let seen = ''
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const status = await statusOf(fetch, `${url}${path}`, signal)
    if (typeof status === 'number' && isWell(status, spec.healthCheckPath !== undefined)) return { ...about, is: 'pass', finding: `${url}${path} answers ${status}` }
    seen = typeof status === 'number' ? `answers ${status}` : `does not answer (${status})`
    if (attempt < tries) await clock.sleep(pauseMs, signal)
  }
  return { ...about, is: 'fail', finding: `${url}${path} ${seen}, asked ${tries} times`, reproduce: `curl -i ${url}${path}` }
}

/** A health path has to say yes, with 2xx or 3xx as Render counts; a first page that nobody promised only has to be there. */
function isWell(status: number, isHealthPath: boolean): boolean {
  return isHealthPath ? status >= 200 && status < 400 : status < 500
}

async function statusOf(fetch: PublicChecksParts['fetch'], url: string, signal: AbortSignal): Promise<number | string> {
  try {
    const answer = await fetch(url, { redirect: 'manual', headers: { 'user-agent': 'plimsoll' }, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
    await answer.body?.cancel()
    return answer.status
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return error instanceof Error ? reasonOf(error) : String(error)
  }
}

function reasonOf({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return 'timeout'
  return cause instanceof Error && 'code' in cause ? String(cause.code) : message
}
