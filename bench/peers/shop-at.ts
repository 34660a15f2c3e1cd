import { Agent, get } from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../e2e/test/edge-stage.ts'

/** The two services of the shop, in the order in which they reach each other. */
export const services = ['api', 'web'] as const
export type Service = (typeof services)[number]
export type Ports = Readonly<Record<Service, number>>

export async function portPair(): Promise<Ports> {
  const [api, web] = await Promise.all([freePort(), freePort()])
  return { api, web }
}

/** What one build of the shop is given, wherever it runs. */
export function environmentOf(service: Service, { release, ports }: { readonly release: number; readonly ports: Ports }): Record<string, string> {
  const own = { PORT: String(ports[service]), RENDER_INSTANCE_ID: `shop-${service}-r${release}-x` }
  return service === 'api' ? own : { ...own, SHOP_API_ORIGIN: `http://127.0.0.1:${ports.api}`, SHOP_DEPLOYMENT_ID: `d${release}` }
}

/** Waits until both ports answer their health path, on new connections, as this release. Rejects after a minute. */
export async function servesBoth(release: number, ports: Ports): Promise<void> {
  await Promise.all(services.map((service) => serves(ports[service], `shop-${service}-r${release}-x`)))
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
