import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** Between two requests of one client: load, but not all that the machine can take. */
const thinkMs = 5

/** One request as its client saw it; times are those of `performance.now()`. */
export interface Seen {
  readonly startedAt: number
  readonly endedAt: number
  readonly kept: boolean
  /** The body of a whole answer with status 200. */
  readonly body?: string
  /** A system's error code, or the status. */
  readonly failure?: string
}

export interface SteadyLoad {
  readonly seen: readonly Seen[]
  /** Lets each client end its request, and returns when all have. */
  finish(): Promise<readonly Seen[]>
}

export interface SteadyClients {
  readonly fresh: number
  readonly kept: number
  /** GET unless given. */
  readonly method?: 'POST'
  /** 127.0.0.1 unless given. */
  readonly host?: string
}

/** Clients that ask one thing after the other: `fresh` ones on a new connection each time, `kept` ones on one that they keep as long as they may. Nothing is sent twice. */
export function steadyLoad(port: number, clients: SteadyClients): SteadyLoad {
  const seen: Seen[] = []
  let going = true
  const client = async (kept: boolean): Promise<void> => {
    const agent = new Agent({ keepAlive: kept, maxSockets: 1 })
    while (going) {
      seen.push(await oneRequest({ host: clients.host ?? '127.0.0.1', port, agent, method: clients.method ?? 'GET' }, kept))
      await delay(thinkMs)
    }
    agent.destroy()
  }
  const all = [...Array.from({ length: clients.fresh }, async () => client(false)), ...Array.from({ length: clients.kept }, async () => client(true))]
  return {
    seen,
    async finish() {
      going = false
      await Promise.all(all)
      return seen
    },
  }
}

async function oneRequest(to: { readonly host: string; readonly port: number; readonly agent: Agent; readonly method: string }, kept: boolean): Promise<Seen> {
  const startedAt = performance.now()
  try {
    const request = httpRequest(to).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let body = ''
    for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
    const outcome = response.statusCode === 200 ? { body } : { failure: String(response.statusCode) }
    return { startedAt, endedAt: performance.now(), kept, ...outcome }
  } catch (error) {
    const failure = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return { startedAt, endedAt: performance.now(), kept, failure }
  }
}
