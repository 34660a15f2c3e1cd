import { z } from 'zod'
import type { RenderLine } from './render-line.ts'
import { pathOf } from './render-request.ts'

const routeSchema = z.object({ type: z.enum(['redirect', 'rewrite']), source: z.string(), destination: z.string() })
export type RenderRoute = z.infer<typeof routeSchema>
const headerSchema = z.object({ path: z.string(), name: z.string(), value: z.string() })
export type RenderHeader = z.infer<typeof headerSchema>
const domainSchema = z.object({ id: z.string(), name: z.string(), verificationStatus: z.enum(['verified', 'unverified']) })
export type RenderDomain = z.infer<typeof domainSchema>

/** How a static site answers, and by which names services are reached. */
export interface RenderSites {
  /** By priority, the first that fits counting. */
  routes(serviceId: string, signal: AbortSignal): Promise<readonly RenderRoute[]>
  /** These and no others, in this order. */
  setRoutes(serviceId: string, routes: readonly RenderRoute[], signal: AbortSignal): Promise<void>
  headers(serviceId: string, signal: AbortSignal): Promise<readonly RenderHeader[]>
  /** These and no others. */
  setHeaders(serviceId: string, headers: readonly RenderHeader[], signal: AbortSignal): Promise<void>
  /** Names that are not Render's own, of a site or a web service. */
  domains(serviceId: string, signal: AbortSignal): Promise<readonly RenderDomain[]>
  /** Names that a site or a web service is to be reached by too. Render adds `www.` to a bare name, and takes it away from one that has it. Adding twice is adding once. */
  addDomain(serviceId: string, name: string, signal: AbortSignal): Promise<void>
}

const routeEntry = z.object({ cursor: z.string(), route: routeSchema.extend({ priority: z.number() }) })
const headerEntry = z.object({ cursor: z.string(), header: headerSchema })
const domainEntry = z.object({ cursor: z.string(), customDomain: domainSchema })

export function createSites(line: RenderLine): RenderSites {
  const domains: RenderSites['domains'] = async (serviceId, signal) => {
    const found = await line.list(domainEntry, { path: pathOf('services', serviceId, 'custom-domains'), to: `list the domains of ${serviceId}` }, signal)
    return found.map(({ customDomain }) => customDomain)
  }
  return {
    domains,
    async addDomain(serviceId, name, signal) {
      const lookFor = async (until: AbortSignal): Promise<true | undefined> => (await domains(serviceId, until)).some((domain) => domain.name === name) || undefined
      await line.write({ method: 'POST', path: pathOf('services', serviceId, 'custom-domains'), body: { name }, to: `add the domain ${name} to ${serviceId}`, answer: z.unknown().transform((): true => true), pretended: true, lookFor }, signal)
    },
    async routes(serviceId, signal) {
      const found = await line.list(routeEntry, { path: pathOf('services', serviceId, 'routes'), to: `list the routes of ${serviceId}` }, signal)
      return found.map(({ route }) => route).toSorted((a, b) => a.priority - b.priority).map(({ type, source, destination }) => ({ type, source, destination }))
    },
    async setRoutes(serviceId, routes, signal) {
      await line.write({ method: 'PUT', path: pathOf('services', serviceId, 'routes'), body: routes, to: `set the routes of ${serviceId}`, answer: z.unknown(), pretended: undefined }, signal)
    },
    async headers(serviceId, signal) {
      const found = await line.list(headerEntry, { path: pathOf('services', serviceId, 'headers'), to: `list the headers of ${serviceId}` }, signal)
      return found.map(({ header }) => header)
    },
    async setHeaders(serviceId, headers, signal) {
      await line.write({ method: 'PUT', path: pathOf('services', serviceId, 'headers'), body: headers, to: `set the headers of ${serviceId}`, answer: z.unknown(), pretended: undefined }, signal)
    },
  }
}
