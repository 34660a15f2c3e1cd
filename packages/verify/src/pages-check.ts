import { Agent } from 'node:http'
import type { Verdict } from '@plimsoll/model'
import type { CandidateUnit, Check } from '@plimsoll/engine'
import { itself, type Near } from './near.ts'
import { getPage, type Answer } from './get-page.ts'
import { mostPages, nextPagesOf } from './next-pages.ts'
import { assetPathsIn } from './paths-in.ts'
import { timed } from './timed.ts'

/** For one answer, in milliseconds. */
const timeoutMs = 10_000

/** Opens every page of a Next.js app that needs no parameter, and the scripts and styles that it names. `near` tells where this machine reaches an address of the place. */
export function pagesCheck(near: Near = itself): Check {
  return {
    id: 'web.pages',
    title: 'Pages render with all their files',
    async ask({ units }, signal) {
      return Promise.all(units.filter(({ spec }) => spec.kind === 'web').map((unit) => timed(() => askPages(unit, near, signal))))
    },
  }
}

async function askPages({ spec, addresses, files }: CandidateUnit, near: Near, signal: AbortSignal): Promise<Omit<Verdict, 'tookMs'>> {
  const about = { check: 'web.pages', service: spec.service }
  const [address] = addresses
  const pages = address === undefined ? undefined : (await nextPagesOf(files))?.fixed
  if (pages === undefined || address === undefined) return { ...about, is: 'skipped', finding: `${spec.service} is no Next.js app` }
  // Nothing asked is nothing known.
  if (pages.length === 0) return { ...about, is: 'skipped', finding: `${spec.service} has no page that opens without a parameter` }
  const asked = pages.slice(0, mostPages)
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const here = await near(address)
  const get = (path: string): Promise<Answer> => getPage({ address: here, path, agent, timeoutMs }, signal)
  const faults = (await Promise.all(asked.map((path) => faultsOf(get, path, signal))).finally(() => agent.destroy())).flat()
  const [first] = faults
  if (first === undefined) return { ...about, is: 'pass', finding: `${asked.length} pages of ${spec.service} and their files answer${asked.length < pages.length ? ` (of ${pages.length})` : ''}` }
  return {
    ...about, is: 'fail', finding: `${spec.service}: ${faults.slice(0, 5).map(({ what }) => what).join('; ')}${faults.length > 5 ? ` and ${faults.length - 5} more` : ''}`,
    reproduce: `curl -i http://${address.host}:${address.port}${first.path}`,
  }
}

interface Fault {
  readonly path: string
  readonly what: string
}

async function faultsOf(get: (path: string) => Promise<Answer>, path: string, signal: AbortSignal): Promise<Fault[]> {
  try {
    const page = await get(path)
    if (page.status >= 400) return [{ path, what: `${path} answers ${page.status}` }]
    const assets = await Promise.all(assetPathsIn(page.body).map(async (asset) => ({ asset, answer: await get(asset) })))
    return assets.filter(({ answer }) => answer.status !== 200).map(({ asset, answer }) => ({ path: asset, what: `${asset} (of ${path}) answers ${answer.status}` }))
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return [{ path, what: `${path} gives no answer (${error instanceof Error ? error.message : String(error)})` }]
  }
}
