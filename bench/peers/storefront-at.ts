import { Agent, get } from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../e2e/test/edge-stage.ts'

/** The two services of the storefront that the load meets, in the order in which they reach each other. */
export const services = ['api', 'web'] as const
export type Service = (typeof services)[number]
export type Ports = Readonly<Record<Service, number>>

/** What each is started with, relative to the files of its build: the start commands of its Blueprint. */
export const programs: Readonly<Record<Service, string>> = { api: 'apps/api/dist/main.js', web: 'apps/web/.next/standalone/apps/web/server.js' }
/** What brings the database to the state that the API expects. */
export const migration = 'packages/db/dist/migrate.js'

export async function portPair(): Promise<Ports> {
  const [api, web] = await Promise.all([freePort(), freePort()])
  return { api, web }
}

/** Where one instance listens, and how it reaches what it needs. */
export interface Surroundings {
  readonly release: number
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  /** `host:port` of the API, for the web service. */
  readonly api: string
}

/** What one instance is given, wherever it runs. The same for every peer. */
export function environmentOf(service: Service, { release, host, port, databaseUrl, api }: Surroundings): Record<string, string> {
  const both = { NODE_ENV: 'production', PORT: String(port), RENDER_INSTANCE_ID: instanceOf(service, release), INTERNAL_TOKEN: 'between web and api alone' }
  if (service === 'web') return { ...both, HOSTNAME: host, API_HOSTPORT: api }
  return { ...both, HOST: host, DATABASE_URL: databaseUrl, SESSION_SECRET: 'nobody signs in while a bench is running' }
}

/** Waits until both ports answer their health path, on new connections, as this release. Rejects after a minute. */
export async function servesBoth(release: number, ports: Ports): Promise<void> {
  await Promise.all(services.map((service) => serves(ports[service], instanceOf(service, release))))
}

function instanceOf(service: Service, release: number): string {
  return `storefront-${service}-r${release}-x`
}

async function serves(port: number, wanted: string): Promise<void> {
  const deadline = AbortSignal.timeout(60_000)
  while ((await whoAnswers(port)) !== wanted) {
    if (deadline.aborted) throw new Error(`port ${port} is not answered by ${wanted} within a minute`)
    await sleep(20)
  }
}

async function whoAnswers(port: number): Promise<string | undefined> {
  const agent = new Agent({ keepAlive: false })
  try {
    const [answer] = await once(get({ host: '127.0.0.1', port, path: '/healthz', agent, timeout: 5_000 }), 'response')
    answer.resume()
    return answer.statusCode === 200 ? answer.headers['x-served-by'] : undefined
  } catch {
    return undefined // nobody listens yet, or hung up: asked again
  }
}
