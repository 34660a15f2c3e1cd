import { listens, type Address, type ServiceName } from '@plimsoll/model'
import { z } from 'zod'
import { mostPages, nextPagesOf } from '../next-pages.ts'
import { documentPaths } from '../openapi/find-operations.ts'
import { readinessPaths } from '../readiness-check.ts'
import type { CopyUnit } from '../rehearsal/rehearsal.ts'

/** A question that changes nothing, and that an answer was good for. */
export interface ReadProbe {
  readonly service: ServiceName
  readonly path: string
}

export interface ReadAnswer extends ReadProbe {
  /** Undefined: none in time, or a connection that broke. */
  readonly status: number | undefined
}

const mostRoutes = 40
const timeoutMs = 10_000

/** What can be asked of a unit that runs: its health path, a readiness path, pages without a parameter, and the GET routes that its OpenAPI document says need none. */
export async function readProbesOf(unit: CopyUnit, signal: AbortSignal): Promise<readonly ReadProbe[]> {
  const [address] = unit.addresses
  if (address === undefined || !listens(unit.spec.kind)) return []
  const [pages, routes] = await Promise.all([nextPagesOf(unit.files), routesOf(address, signal)])
  const { healthCheckPath } = unit.spec
  const paths = [...(healthCheckPath === undefined ? [] : [healthCheckPath]), ...readinessPaths, ...(pages?.fixed ?? []).slice(0, mostPages), ...routes.slice(0, mostRoutes)]
  return [...new Set(paths)].map((path) => ({ service: unit.spec.service, path }))
}

/** Asks each once, a few at a time. */
export async function askReads(units: readonly CopyUnit[], probes: readonly ReadProbe[], signal: AbortSignal): Promise<readonly ReadAnswer[]> {
  const byService = units.map(async ({ spec, addresses: [address] }) => {
    const answers: ReadAnswer[] = []
    const own = probes.filter(({ service }) => service === spec.service)
    for (let at = 0; address !== undefined && at < own.length; at += inFlight) {
      answers.push(...(await Promise.all(own.slice(at, at + inFlight).map(async (probe) => ({ ...probe, status: await statusOf({ address, path: probe.path }, signal) })))))
    }
    return answers
  })
  return (await Promise.all(byService)).flat()
}

const inFlight = 4

/** No answer, or one that says that the service is at fault. */
export function isBad({ status }: Pick<ReadAnswer, 'status'>): boolean {
  return status === undefined || status >= 500
}

interface Question {
  readonly address: Address
  readonly path: string
}

async function statusOf({ address, path }: Question, signal: AbortSignal): Promise<number | undefined> {
  try {
    const response = await fetch(`http://${address.host}:${address.port}${path}`, { redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
    // What never ends, as an event stream, has answered with its head.
    await response.body?.cancel()
    return response.status
  } catch {
    signal.throwIfAborted()
    return undefined // Whatever the reason: there was no answer.
  }
}

const parameterSchema = z.looseObject({ required: z.boolean().optional() })
const operationSchema = z.looseObject({ parameters: z.array(parameterSchema).optional() })
const documentSchema = z.looseObject({ paths: z.record(z.string(), z.looseObject({ get: operationSchema.optional(), parameters: z.array(parameterSchema).optional() })) })

async function routesOf(address: Address, signal: AbortSignal): Promise<readonly string[]> {
  for (const path of documentPaths) {
    const found = documentSchema.safeParse(await jsonAt({ address, path }, signal))
    if (!found.success) continue
    return Object.entries(found.data.paths).flatMap(([route, { get, parameters = [] }]) => {
      const isFree = get !== undefined && !route.includes('{') && ![...parameters, ...(get.parameters ?? [])].some(({ required }) => required === true)
      return isFree ? [route] : []
    })
  }
  return []
}

async function jsonAt({ address, path }: Question, signal: AbortSignal): Promise<unknown> {
  try {
    const response = await fetch(`http://${address.host}:${address.port}${path}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
    if (response.ok && (response.headers.get('content-type') ?? '').includes('json')) return await response.json()
    await response.body?.cancel()
  } catch {
    signal.throwIfAborted() // Else it has no document that could be read there.
  }
  return undefined
}
