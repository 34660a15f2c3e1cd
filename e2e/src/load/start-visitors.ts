import { Agent } from 'node:http'
import { thisMachine } from './agent-for.ts'
import { exchange } from './exchange.ts'
import type { Failure, Hop } from './load-record.ts'
import { pause } from './pause.ts'

/** What one browser met, in order. */
export interface Visit {
  readonly hops: readonly (Hop & { readonly failure?: Failure | undefined })[]
}

export interface Visitors {
  /** Lets each finish what it asked, and gives what each met. */
  finish(): Promise<readonly Visit[]>
}

const page = { 'accept': 'text/html', 'sec-fetch-dest': 'document' }
const data = { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }
/** After each page. */
const dataRequests = 3
const usualPauseMs = 40

/** Browsers that keep their cookies and go on and on: a page, and what it asks for, `pauseMs` after each answer. */
export function startVisitors(origin: URL, count: number, pauseMs = usualPauseMs): Visitors {
  const ending = new AbortController()
  const visits = Array.from({ length: count }, () => visitOn(origin, pauseMs, ending.signal))
  return {
    async finish() {
      ending.abort()
      return Promise.all(visits)
    },
  }
}

async function visitOn(origin: URL, pauseMs: number, ending: AbortSignal): Promise<Visit> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, lookup: thisMachine })
  const hops: Visit['hops'][number][] = []
  const cookies = new Map<string, string>()
  for (let n = 0; !ending.aborted; n += 1) {
    const [path, headers] = n % (dataRequests + 1) === 0 ? (['/', page] as const) : (['/v1/products', data] as const)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { hop, failure, headers: answer } = await exchange({ what: `GET ${path}`, url: new URL(path, origin), agent, timeoutMs: 15_000, headers: { ...headers, ...(cookie !== '' && { cookie }) } })
    hops.push({ ...hop, failure })
    keep(cookies, answer['set-cookie'] ?? [])
    await pause(pauseMs)
  }
  agent.destroy()
  return { hops }
}

function keep(cookies: Map<string, string>, given: readonly string[]): void {
  for (const text of given) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? []
    if (/max-age=0/i.test(text)) cookies.delete(name)
    else cookies.set(name, value)
  }
}
