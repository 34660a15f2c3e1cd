import { z } from 'zod'
import { listens } from '@plimsoll/model'
import type { AppCopy, CopyUnit, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { isHtml, pathOf } from '../web/fetch-resource.ts'
import { sitesOf } from '../web/sites-of.ts'

/** What a service is asked under load: only what reads. */
export interface LoadedService {
  readonly service: string
  readonly paths: readonly string[]
}

const mostPaths = 5
const askedMs = 3_000
/** Where a service may describe what it answers. */
const documents = ['/documentation/json', '/openapi.json', '/docs/json', '/swagger.json']

/** Pages, health paths, and what an OpenAPI document has to read without a parameter; of each what answers well, whole and soon. */
export async function loadRoutes(rehearsal: Rehearsal, signal: AbortSignal): Promise<readonly LoadedService[]> {
  const [copy, { sites }] = await Promise.all([rehearsal.shared(signal), sitesOf(rehearsal, signal)])
  const open = copy.units.filter(({ spec }) => listens(spec.kind) && copy.url(spec.service) !== undefined)
  const services = await Promise.all(open.map(async (unit) => {
    const site = sites.find(({ service }) => service === unit.spec.service)
    const pages = (site?.found ?? []).filter(({ as, status, url, headers }) => as === 'page' && status === 200 && url.startsWith(`${site?.origin}/`) && isHtml({ headers })).map(({ url }) => pathOf(url))
    const known = [...ofEachKind(pages), ...(await documented(originOf(copy, unit), signal)), ...(unit.spec.healthCheckPath === undefined ? [] : [unit.spec.healthCheckPath])]
    const answered = await Promise.all([...new Set(known)].map(async (path) => ((await answersSoon(`${originOf(copy, unit)}${path}`, signal)) ? [path] : [])))
    return { service: unit.spec.service, paths: answered.flat().slice(0, mostPaths) }
  }))
  return services.filter(({ paths }) => paths.length > 0)
}

/** By number, so that nothing of how names are looked up is measured. */
export function originOf(copy: AppCopy, { spec }: Pick<CopyUnit, 'spec'>): string {
  return `http://127.0.0.1:${new URL(copy.url(spec.service) ?? '').port}`
}

/** One page of each directory first: `/products/a` and `/products/b` are likely one route. */
function ofEachKind(paths: readonly string[]): string[] {
  const first = new Map(paths.map((path) => [path.split('/').slice(0, -1).join('/'), path]).reverse() as [string, string][])
  return [...new Set([...first.values(), ...paths])]
}

const documentSchema = z.object({
  security: z.array(z.unknown()).optional(),
  paths: z.record(z.string(), z.looseObject({ get: z.object({ security: z.array(z.unknown()).optional(), parameters: z.array(z.object({ required: z.boolean().optional() })).optional() }).optional() })),
})

async function documented(origin: string, signal: AbortSignal): Promise<readonly string[]> {
  for (const path of documents) {
    const response = await fetch(`${origin}${path}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(askedMs)]) }).catch(() => undefined)
    const read = documentSchema.safeParse(response?.ok === true ? await response.json().catch(() => undefined) : await response?.body?.cancel())
    if (read.success) return Object.entries(read.data.paths).filter(([route, { get }]) => get !== undefined && !route.includes('{') && (get.security ?? read.data.security ?? []).length === 0 && !(get.parameters ?? []).some(({ required }) => required === true)).map(([route]) => route)
  }
  return []
}

async function answersSoon(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(askedMs)]) })
    const isStream = (response.headers.get('content-type') ?? '').startsWith('text/event-stream')
    await (isStream ? response.body?.cancel() : response.arrayBuffer())
    return response.status < 300 && !isStream
  } catch {
    signal.throwIfAborted()
    return false // Who gives no whole answer to one request is named by other checks.
  }
}
